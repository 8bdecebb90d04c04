import { KinmarkError } from '../../error'
import type { Matrix, RunOptions, Runtime, TokenBatch } from '../../inference/runtime'
import { row, takeRows, zeros } from '../linear/matrix'
import type { Square } from '../linear/square'
import type { HeadMetric } from '../targets/target-moves'
import { sliceBatch, takeBatch } from './batch'
import { candidatesPerKey, perinucleus } from './candidates'
import { type Context, inContext } from './contexts'
import { dot, pickByLeverage, whitener } from './leverage'
import { moveCosts } from './move-costs'

/** Prompts less natural than this share of the pool's are never keys. */
const naturalQuantile = 0.75
/** Prompts a key whose worth is looked at more closely, and the share of them that holds best under other contexts. */
const shortlist = { perKey: 8, steady: 0.7 }
const rowsAtOnce = 256

type Wish = { moment: Square; layer: number; metric: HeadMetric; contexts: readonly Context[]; count: number }

/**
 * Of the pool's natural prompts `count` keys, best first: far from ordinary text and from one another at `layer` for
 * what their responses cost, and moved little by what stands before them.
 */
export async function chooseKeys(
  runtime: Runtime,
  { text: pool, surprise }: { text: TokenBatch; surprise: Float64Array },
  { moment, layer, metric, contexts, count }: Wish,
  options: RunOptions = {},
): Promise<TokenBatch> {
  const { signal } = options
  const natural = takeBatch(pool, naturalRows(pool, surprise))
  if (natural.rows < count)
    throw new KinmarkError('fingerprint.prompts-too-few', { keys: count, prompts: natural.rows })
  const { z, costs } = await readPrompts(runtime, metric, natural, layer, options)
  const whiten = await whitener(metric.matmul, moment)
  const white = await whiten(z)
  const worth = costs.map((cost, i) => dot(row(white, i), row(white, i)) / cost)
  const short = largest(worth, Math.max(count, shortlist.perKey * count))
  const prompts = takeBatch(natural, short)
  const whiteIn = async (context: Context) => {
    const tap = `z.${layer}` as const
    const { [tap]: there } = await runtime.run(inContext(prompts, context), [tap], { signal })
    return whiten(there)
  }
  const homes = [{ after: '', white: takeRows(white, short) }]
  for (const context of contexts.filter(({ use }) => use === 'solved'))
    homes.push({ after: context.after.join(), white: await whiteIn(context) })
  const steady = new Float64Array(short.length).fill(1)
  for (const context of contexts.filter(({ use }) => use === 'chosen')) {
    const home = homes.find(({ after }) => after === context.after.join())
    if (!home) continue
    const moved = await whiteIn(context)
    for (let i = 0; i < steady.length; i++) {
      const here = row(home.white, i)
      steady[i] = Math.min(steady[i], dot(here, row(moved, i)) / dot(here, here))
    }
  }
  const keep = largest(steady, Math.max(count, Math.ceil(shortlist.steady * short.length)))
  // Behind a chat template the prompts look more alike than alone: told apart there, they are told apart everywhere.
  const farthest = takeRows(homes[homes.length - 1].white, keep)
  const picked = pickByLeverage(
    farthest,
    Float64Array.from(keep, (at) => costs[short[at]]),
    count,
  ).map((at) => short[keep[at]])
  return takeBatch(natural, picked)
}

/** Where each prompt's answer is written from, and what its responses would cost. */
async function readPrompts(
  runtime: Runtime,
  metric: HeadMetric,
  prompts: TokenBatch,
  layer: number,
  { signal, onProgress }: RunOptions,
): Promise<{ z: Matrix; costs: Float64Array }> {
  const tap = `z.${layer}` as const
  const z = zeros(prompts.rows, runtime.shape.ff)
  const costs = new Float64Array(prompts.rows)
  for (let from = 0; from < prompts.rows; from += rowsAtOnce) {
    const part = sliceBatch(prompts, from, from + rowsAtOnce)
    const { logits, residual, [tap]: inputs } = await runtime.run(part, ['logits', 'residual', tap], { signal })
    z.data.set(inputs.data, from * z.cols)
    const candidates = new Uint32Array(part.rows * candidatesPerKey)
    for (let i = 0; i < part.rows; i++) candidates.set(perinucleus(row(logits, i)), i * candidatesPerKey)
    costs.set(await moveCosts(metric, residual, logits, candidates), from)
    onProgress?.(from + part.rows, prompts.rows)
  }
  return { z, costs }
}

/** Indexes of the `count` largest values, in ascending order. */
function largest(values: Float64Array, count: number): number[] {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a] || a - b)
  return order.slice(0, count).sort((a, b) => a - b)
}

function naturalRows(pool: TokenBatch, surprise: Float64Array): number[] {
  const cap = surprise.toSorted()[Math.floor(naturalQuantile * (surprise.length - 1))]
  const seen = new Set<string>()
  const rows: number[] = []
  for (const [i, value] of surprise.entries()) {
    const text = pool.ids.subarray(i * pool.length, (i + 1) * pool.length).join()
    if (value > cap || seen.has(text)) continue
    seen.add(text)
    rows.push(i)
  }
  return rows
}
