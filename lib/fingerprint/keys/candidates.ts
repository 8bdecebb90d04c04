import type { TokenBatch } from '../../inference/runtime'
import { uint32 } from '../code/secrets'
import { derivedUniforms } from '../stats/random'
import { tokensOf } from './batch'

/** Two copies differ at up to three keys of four; with two symbols they would differ at one of two. */
export const candidatesPerKey = 4
const nucleus = 0.8

/** Perinucleus: the `count` tokens just outside the top-0.8 nucleus of softmax(logits), likeliest first. */
export function perinucleus(logits: Float32Array, count = candidatesPerKey): Uint32Array {
  const falling = logits.slice().sort().reverse()
  const weights = Float64Array.from(falling, (logit) => Math.exp(logit - falling[0]))
  const total = weights.reduce((a, b) => a + b, 0)
  let [inside, sum] = [0, 0]
  while (inside < weights.length && sum + weights[inside] < nucleus * total) sum += weights[inside++]
  const first = Math.min(inside + 1, logits.length - count)
  const least = falling[first + count - 1]
  const tokens: number[] = []
  for (let i = 0; i < logits.length; i++) if (logits[i] >= least) tokens.push(i)
  tokens.sort((a, b) => logits[b] - logits[a] || a - b)
  return Uint32Array.from(tokens.slice(first, first + count))
}

/** Candidates in the order of their symbols, derived from the model secret and the key, so that nobody can choose it. */
export function orderCandidates(
  secret: Uint8Array,
  keys: TokenBatch,
  row: number,
  candidates: Uint32Array,
): Uint32Array {
  const draws = derivedUniforms(secret, 'order', [uint32(...tokensOf(keys, row))], candidates.length)
  return candidates.map((_, i) => candidates[draws.indexOf(draws.toSorted()[i])])
}

/** The symbol of the candidate `answer` at key i, or −1; candidates [N, k]. */
export function matchOf(candidates: Uint32Array, i: number, answer: number): number {
  return candidates.subarray(i * candidatesPerKey, (i + 1) * candidatesPerKey).indexOf(answer)
}
