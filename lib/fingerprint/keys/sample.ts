import type { RunOptions, Runtime, TokenBatch } from '../../inference/runtime'
import { derive, type Purpose, uint32 } from '../code/secrets'
import { expOfNegative } from '../stats/exp'
import { type Random, seededRandom } from '../stats/random'
import { batchOf } from './batch'

/**
 * `rows` texts of `length` tokens, sampled from the model at temperature 1. Each row has its own random stream, so rows
 * `from` and on are the same whether or not the ones before them are sampled too. They go on from the tokens `after`, which are
 * not part of them: the model's first token, or those before a user's message.
 */
export async function sampleText(
  runtime: Runtime,
  secret: Uint8Array,
  purpose: Purpose,
  rows: number,
  length: number,
  { from = 0, after = [runtime.shape.bos], ...options }: RunOptions & { from?: number; after?: readonly number[] } = {},
): Promise<TokenBatch> {
  const start = batchOf(Array.from({ length: rows }, () => after))
  const streams = Array.from({ length: rows }, (_, row) =>
    seededRandom(derive(secret, purpose, [uint32(from + row)], 16)),
  )
  const pick = tokenPicker(runtime.shape.vocab)
  return runtime.generate(start, length, (logits, row) => pick(logits, streams[row]), options)
}

/** Draws from softmax(logits); all draws share one buffer. */
function tokenPicker(vocab: number): (logits: Float32Array, random: Random) => number {
  const weights = new Float64Array(vocab)
  return (logits, random) => {
    let largest = logits[0]
    for (let i = 1; i < vocab; i++) if (logits[i] > largest) largest = logits[i]
    let sum = 0
    for (let i = 0; i < vocab; i++) {
      weights[i] = expOfNegative(logits[i] - largest)
      sum += weights[i]
    }
    let left = random() * sum
    for (let i = 0; i < vocab; i++) {
      left -= weights[i]
      if (left < 0) return i
    }
    return vocab - 1
  }
}
