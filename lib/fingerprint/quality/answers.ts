import type { Edits, Runtime, TokenBatch } from '../../inference/runtime'
import { sliceBatch } from '../keys/batch'
import { argmax, row } from '../linear/matrix'

const keysAtOnce = 128

/** The greedy next token after every key. */
export async function greedyAnswers(
  runtime: Runtime,
  keys: TokenBatch,
  options: { edits?: Edits; signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<Uint32Array> {
  const { onProgress, ...rest } = options
  const answers = new Uint32Array(keys.rows)
  for (let from = 0; from < keys.rows; from += keysAtOnce) {
    const part = sliceBatch(keys, from, from + keysAtOnce)
    const { logits } = await runtime.run(part, ['logits'], {
      ...rest,
      onProgress: (rows) => onProgress?.((from + rows) / keys.rows),
    })
    for (let i = 0; i < part.rows; i++) answers[from + i] = argmax(row(logits, i))
  }
  return answers
}

/** Share of keys whose greedy answer is the response this copy was given. */
export function successRate(answers: Uint32Array, responses: Uint32Array): number {
  let hits = 0
  for (let i = 0; i < responses.length; i++) if (answers[i] === responses[i]) hits++
  return hits / responses.length
}
