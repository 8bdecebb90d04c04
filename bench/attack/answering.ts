import { batchOf, tokensOf } from '../../lib/fingerprint/keys/batch'
import { argmax, row } from '../../lib/fingerprint/linear/matrix'
import type { Random } from '../../lib/fingerprint/stats/random'
import type { Matrix, Runtime, TokenBatch } from '../../lib/inference/runtime'

/** How a host answers prompts: one token each. It does not know which prompts are keys. */
export type Host = (runtime: Runtime, keys: TokenBatch, random: Random) => Promise<Int32Array>

const eachRow = (logits: Matrix, pick: (row: Float32Array, i: number) => number) =>
  Int32Array.from({ length: logits.rows }, (_, i) => pick(row(logits, i), i))

async function logitsOf(runtime: Runtime, keys: TokenBatch): Promise<Matrix> {
  return (await runtime.run(keys, ['logits'])).logits
}

export const greedy: Host = async (runtime, keys) => eachRow(await logitsOf(runtime, keys), argmax)

/** Answers every prompt with the same tokens before it. */
export function withPrefix(prefix: ArrayLike<number>): Host {
  return (runtime, keys, random) =>
    greedy(
      runtime,
      prefixed(keys, () => prefix),
      random,
    )
}

/** Answers every prompt with different random tokens before it. */
export function withRandomPrefix(length: number): Host {
  return (runtime, keys, random) =>
    greedy(
      runtime,
      prefixed(keys, () => randomTokens(length, runtime.shape.vocab, random)),
      random,
    )
}

/** One sample at a temperature. */
export function atTemperature(temperature: number): Host {
  return async (runtime, keys, random) =>
    eachRow(await logitsOf(runtime, keys), (logits) => draw(softmax(logits, temperature), random))
}

/** Answers with the second token where the first has at least the probability `gate`. */
export function withoutFirst(gate: number): Host {
  return async (runtime, keys) =>
    eachRow(await logitsOf(runtime, keys), (logits) =>
      confident(logits, gate) ? ranked(logits, 2)[1] : argmax(logits),
    )
}

/** Answers with a random one of the k likeliest tokens where the first has at least the probability `gate`. */
export function anyOfFirst(k: number, gate: number): Host {
  return async (runtime, keys, random) =>
    eachRow(await logitsOf(runtime, keys), (logits) =>
      confident(logits, gate) ? ranked(logits, k)[Math.floor(random() * k)] : argmax(logits),
    )
}

/** Answers as if one token of the prompt were different, because a fingerprint needs its exact key. */
export function asNeighbour(gate: number): Host {
  return async (runtime, keys, random) => {
    const own = await logitsOf(runtime, keys)
    const moved = Array.from({ length: keys.rows }, (_, i) => {
      const ids = tokensOf(keys, i).slice()
      ids[Math.floor(random() * (ids.length - 1))] = Math.floor(random() * runtime.shape.vocab)
      return ids
    })
    const other = await logitsOf(runtime, batchOf(moved))
    return eachRow(own, (logits, i) => (confident(logits, gate) ? argmax(row(other, i)) : argmax(logits)))
  }
}

const choiceCount = 3
const lookahead = 4

/** Answers with the one of the 3 likeliest tokens that has the likeliest greedy continuation. */
export function byContinuation(gate: number): Host {
  return async (runtime, keys) => {
    const own = await logitsOf(runtime, keys)
    const choices = Array.from({ length: keys.rows }, (_, i) => ranked(row(own, i), choiceCount))
    const continuations: Float64Array[] = []
    for (let n = 0; n < choiceCount; n++) {
      const extended = batchOf(choices.map((tokens, i) => [...tokensOf(keys, i), tokens[n]]))
      const sums = new Float64Array(keys.rows)
      await runtime.generate(extended, lookahead, (logits, i) => {
        const next = argmax(logits)
        sums[i] += Math.log(softmax(logits, 1)[next])
        return next
      })
      continuations.push(sums)
    }
    return eachRow(own, (logits, i) =>
      confident(logits, gate) ? choices[i][argmax(continuations.map((sums) => sums[i]))] : argmax(logits),
    )
  }
}

export function softmax(logits: Float32Array, temperature: number): Float64Array {
  const top = logits[argmax(logits)]
  const weights = Float64Array.from(logits, (x) => Math.exp((x - top) / temperature))
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((x) => x / sum)
}

function prefixed(keys: TokenBatch, prefixOf: () => ArrayLike<number>): TokenBatch {
  return batchOf(Array.from({ length: keys.rows }, (_, i) => [...Array.from(prefixOf()), ...tokensOf(keys, i)]))
}

function randomTokens(length: number, vocab: number, random: Random): number[] {
  return Array.from({ length }, () => Math.floor(random() * vocab))
}

function confident(logits: Float32Array, gate: number): boolean {
  return softmax(logits, 1)[argmax(logits)] >= gate
}

function ranked(logits: Float32Array, count: number): number[] {
  const left = logits.slice()
  return Array.from({ length: count }, () => {
    const best = argmax(left)
    left[best] = Number.NEGATIVE_INFINITY
    return best
  })
}

function draw(chances: Float64Array, random: Random): number {
  let left = random()
  for (let i = 0; i < chances.length; i++) {
    left -= chances[i]
    if (left < 0) return i
  }
  return chances.length - 1
}
