import { KinmarkError } from '../error'
import type { RunOptions, Runtime, TokenBatch } from '../inference/runtime'
import { takeBatch } from './batch'
import { pickByLeverage } from './leverage'
import { row } from './linear/matrix'
import type { Square } from './linear/square'

/** Prompts less natural than this share of the candidates' are never keys. */
const naturalQuantile = 0.75

/** Of the candidates below the perplexity cap, the `count` with most leverage at `layer`, best first. */
export async function chooseKeys(
  runtime: Runtime,
  candidates: TokenBatch,
  moment: Square,
  layer: number,
  count: number,
  options?: RunOptions,
): Promise<TokenBatch> {
  const natural = takeBatch(candidates, await naturalRows(runtime, candidates, options))
  if (natural.rows < count)
    throw new KinmarkError(
      `${count} keys were asked for, and only ${natural.rows} different natural prompts are there to choose from.`,
      { facts: { asked: count, natural: natural.rows } },
    )
  const tap = `z.${layer}` as const
  const { [tap]: z } = await runtime.run(natural, [tap], options)
  return takeBatch(natural, pickByLeverage(z, moment, count))
}

async function naturalRows(runtime: Runtime, candidates: TokenBatch, options?: RunOptions): Promise<number[]> {
  const { nll } = await runtime.run(candidates, ['nll'], options)
  const perplexity = Float64Array.from(
    { length: nll.rows },
    (_, i) => row(nll, i).reduce((a, b) => a + b, 0) / nll.cols,
  )
  const cap = perplexity.toSorted()[Math.floor(naturalQuantile * (perplexity.length - 1))]
  const seen = new Set<string>()
  const rows: number[] = []
  for (const [i, value] of perplexity.entries()) {
    const text = candidates.ids.subarray(i * candidates.length, (i + 1) * candidates.length).join()
    if (value > cap || seen.has(text)) continue
    seen.add(text)
    rows.push(i)
  }
  return rows
}
