import type { RunOptions, Runtime, TokenBatch } from '../../inference/runtime'
import { derive, type Purpose, uint32 } from '../code/secrets'
import { type Random, seededRandom } from '../stats/random'

/** `rows` texts of `length` tokens, sampled from the model at temperature 1. Each row has its own random stream. */
export async function sampleText(
  runtime: Runtime,
  secret: Uint8Array,
  purpose: Purpose,
  rows: number,
  length: number,
  options?: RunOptions,
): Promise<TokenBatch> {
  return (await sampleScored(runtime, secret, purpose, rows, length, options)).text
}

/** The texts, and each row’s log-perplexity given its first token, nats per token. */
export async function sampleScored(
  runtime: Runtime,
  secret: Uint8Array,
  purpose: Purpose,
  rows: number,
  length: number,
  options?: RunOptions,
): Promise<{ text: TokenBatch; surprise: Float64Array }> {
  const start = { ids: new Int32Array(rows).fill(runtime.shape.bos), rows, length: 1 }
  const streams = Array.from({ length: rows }, (_, row) => seededRandom(derive(secret, purpose, [uint32(row)], 16)))
  const pick = tokenPicker(runtime.shape.vocab)
  const surprise = new Float64Array(rows)
  const drawn = new Uint32Array(rows)
  const choose = (logits: Float32Array, row: number) => {
    const { token, chance } = pick(logits, streams[row])
    if (drawn[row]++ > 0) surprise[row] -= Math.log(chance) / (length - 1)
    return token
  }
  return { text: await runtime.generate(start, length, choose, options), surprise }
}

/** Draws from softmax(logits); all draws share one buffer. */
function tokenPicker(vocab: number): (logits: Float32Array, random: Random) => { token: number; chance: number } {
  const weights = new Float64Array(vocab)
  return (logits, random) => {
    let largest = logits[0]
    for (let i = 1; i < vocab; i++) if (logits[i] > largest) largest = logits[i]
    let sum = 0
    for (let i = 0; i < vocab; i++) {
      weights[i] = Math.exp(logits[i] - largest)
      sum += weights[i]
    }
    let left = random() * sum
    for (let i = 0; i < vocab; i++) {
      left -= weights[i]
      if (left < 0) return { token: i, chance: weights[i] / sum }
    }
    return { token: vocab - 1, chance: weights[vocab - 1] / sum }
  }
}
