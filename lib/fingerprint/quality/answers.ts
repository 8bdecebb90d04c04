import type { Edits, Runtime, TokenBatch } from '../../inference/runtime'
import { runInParts } from '../keys/run-in-parts'
import { argmax, row } from '../linear/matrix'
import { logOdds } from '../targets/competitors'

type Options = { edits?: Edits; signal?: AbortSignal }

/** The greedy next token after every key, [N]. `onProgress` gets the share of keys done, 0 to 1. */
export async function greedyAnswers(
  runtime: Runtime,
  keys: TokenBatch,
  { onProgress, ...options }: Options & { onProgress?: (done: number) => void } = {},
): Promise<Uint32Array> {
  const answers = new Uint32Array(keys.rows)
  const run = { ...options, onProgress: (done: number, rows: number) => onProgress?.(done / rows) }
  for await (const { from, part, out } of runInParts(runtime, keys, ['logits'], run))
    for (let i = 0; i < part.rows; i++) answers[from + i] = argmax(row(out.logits, i))
  return answers
}

/** The log odds of every key’s response, [N], and the greedy answers, [N]. */
export async function responseLogOdds(
  runtime: Runtime,
  keys: TokenBatch,
  responses: ArrayLike<number>,
  options: Options = {},
): Promise<{ logOdds: Float64Array; answers: Uint32Array }> {
  const [odds, answers] = [new Float64Array(keys.rows), new Uint32Array(keys.rows)]
  for await (const { from, part, out } of runInParts(runtime, keys, ['logits'], options))
    for (let i = 0; i < part.rows; i++) {
      odds[from + i] = logOdds(row(out.logits, i), responses[from + i])
      answers[from + i] = argmax(row(out.logits, i))
    }
  return { logOdds: odds, answers }
}

/** Probability with log odds x. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** Share of keys whose greedy answer is the copy’s response. */
export function successRate(answers: Uint32Array, responses: Uint32Array): number {
  let hits = 0
  for (let i = 0; i < responses.length; i++) if (answers[i] === responses[i]) hits++
  return hits / responses.length
}
