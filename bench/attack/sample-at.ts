import { batchOf, tokensOf } from '../../lib/fingerprint/keys/batch'
import { seededRandom } from '../../lib/fingerprint/stats/random'
import type { Runtime, TokenBatch } from '../../lib/inference/runtime'
import { softmax } from './answering'

type Sampling = { rows: number; length: number; temperature: number; topP?: number; seed: number }

/** Texts from a model after its first token, which is kept: [rows, 1 + length]. */
export async function sampleAt(
  runtime: Runtime,
  { rows, length, temperature, topP = 1, seed }: Sampling,
): Promise<TokenBatch> {
  const { bos } = runtime.shape
  const random = seededRandom(new Uint8Array(16).fill(seed))
  const start = { ids: new Int32Array(rows).fill(bos), rows, length: 1 }
  const text = await runtime.generate(start, length, (logits) => draw(softmax(logits, temperature), topP, random))
  return batchOf(Array.from({ length: rows }, (_, i) => [bos, ...tokensOf(text, i)]))
}

function draw(chances: Float64Array, topP: number, random: () => number): number {
  let left = random()
  if (topP < 1) {
    const falling = Array.from(chances, (_, v) => v).sort((a, b) => chances[b] - chances[a])
    let [kept, mass] = [0, 0]
    while (mass < topP) mass += chances[falling[kept++]]
    left *= mass
    for (const v of falling.slice(0, kept)) {
      left -= chances[v]
      if (left < 0) return v
    }
    return falling[0]
  }
  for (let v = 0; v < chances.length; v++) {
    left -= chances[v]
    if (left < 0) return v
  }
  return chances.length - 1
}
