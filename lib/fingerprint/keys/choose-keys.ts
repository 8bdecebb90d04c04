import { KinmarkError } from '../../error'
import type { Matrix, RunOptions, Runtime, TokenBatch } from '../../inference/runtime'
import { row, takeRows, zeros } from '../linear/matrix'
import type { Square } from '../linear/square'
import type { HeadMetric } from '../targets/target-moves'
import { takeBatch } from './batch'
import { candidatesPerKey, perinucleus } from './candidates'
import { type Context, inContext } from './contexts'
import { dot, pickByLeverage, whitener } from './leverage'
import { moveCosts } from './move-costs'
import { runInParts } from './run-in-parts'

/** Prompts with a log-perplexity above this quantile of the pool are not used as keys. */
const naturalQuantile = 0.75
/** Prompts per key that are compared in all contexts, and the share of them that is kept as the most stable. */
const shortlist = { perKey: 8, stable: 0.7 }
const rowsAtOnce = 256

type Selection = { moment: Square; layer: number; metric: HeadMetric; contexts: readonly Context[]; count: number }

/**
 * Chooses `count` keys from the pool’s natural prompts, best first. At `layer`, in the metric of the inverse second
 * moment, a key should be far from ordinary text and from the other keys relative to the cost of its responses, and a
 * text before it should change its state little.
 */
export async function chooseKeys(
  runtime: Runtime,
  { text: pool, surprise }: { text: TokenBatch; surprise: Float64Array },
  { moment, layer, metric, contexts, count }: Selection,
  options: RunOptions = {},
): Promise<TokenBatch> {
  const { signal } = options
  const natural = takeBatch(pool, naturalRows(pool, surprise))
  if (natural.rows < count)
    throw new KinmarkError('fingerprint.prompts-too-few', { keys: count, prompts: natural.rows })
  const { z, costs } = await readPrompts(runtime, metric, natural, layer, options)
  const whiten = await whitener(metric.matmul, moment)
  const white = await whiten(z)
  const leverage = costs.map((cost, i) => dot(row(white, i), row(white, i)) / cost)
  const shortlisted = largest(leverage, Math.max(count, shortlist.perKey * count))
  const prompts = takeBatch(natural, shortlisted)
  const whiteIn = async (context: Context) => {
    const tap = `z.${layer}` as const
    const { [tap]: state } = await runtime.run(inContext(prompts, context), [tap], { signal })
    return whiten(state)
  }
  // A prompt’s state is compared with its state in the solved context that ends with the same tokens.
  const references = [{ after: '', white: takeRows(white, shortlisted) }]
  for (const context of contexts.filter(({ use }) => use === 'solved'))
    references.push({ after: context.after.join(), white: await whiteIn(context) })
  const stability = new Float64Array(shortlisted.length).fill(1)
  for (const context of contexts.filter(({ use }) => use === 'chosen')) {
    const reference = references.find(({ after }) => after === context.after.join())
    if (!reference) continue
    const changed = await whiteIn(context)
    for (let i = 0; i < stability.length; i++) {
      const state = row(reference.white, i)
      stability[i] = Math.min(stability[i], dot(state, row(changed, i)) / dot(state, state))
    }
  }
  const stable = largest(stability, Math.max(count, Math.ceil(shortlist.stable * shortlisted.length)))
  // Inside a chat template the states are more alike than alone: keys that differ there differ everywhere.
  const states = takeRows(references[references.length - 1].white, stable)
  const picked = pickByLeverage(
    states,
    Float64Array.from(stable, (i) => costs[shortlisted[i]]),
    count,
  ).map((i) => shortlisted[stable[i]])
  return takeBatch(natural, picked)
}

/** Per prompt, the input of down_proj at `layer`, [n, ff], and the cost of its responses, [n]. */
async function readPrompts(
  runtime: Runtime,
  metric: HeadMetric,
  prompts: TokenBatch,
  layer: number,
  options: RunOptions,
): Promise<{ z: Matrix; costs: Float64Array }> {
  const tap = `z.${layer}` as const
  const z = zeros(prompts.rows, runtime.shape.ff)
  const costs = new Float64Array(prompts.rows)
  const parts = runInParts(runtime, prompts, ['logits', 'residual', tap], { ...options, rowsAtOnce })
  for await (const { from, part, out } of parts) {
    z.data.set(out[tap].data, from * z.cols)
    const candidates = new Uint32Array(part.rows * candidatesPerKey)
    for (let i = 0; i < part.rows; i++) candidates.set(perinucleus(row(out.logits, i)), i * candidatesPerKey)
    costs.set(await moveCosts(metric, out.residual, out.logits, candidates), from)
  }
  return { z, costs }
}

/** Indexes of the `count` largest values, in ascending order. */
function largest(values: Float64Array, count: number): number[] {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[b] - values[a] || a - b)
  return order.slice(0, count).sort((a, b) => a - b)
}

/** Indexes of the different prompts whose log-perplexity is low enough. */
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
