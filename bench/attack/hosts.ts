import { batchOf, tokensOf } from '../../lib/fingerprint/keys/batch'
import { argmax, row } from '../../lib/fingerprint/linear/matrix'
import { tieOf } from '../../lib/fingerprint/near-ties/choose-near-ties'
import type { Matrix, Runtime, TokenBatch } from '../../lib/inference/runtime'
import { greedy, type Host, softmax } from './answering'

async function logitsOf(runtime: Runtime, keys: TokenBatch): Promise<Matrix> {
  return (await runtime.run(keys, ['logits'])).logits
}

const answersBy = (rows: number, pick: (i: number) => number) => Int32Array.from({ length: rows }, (_, i) => pick(i))

/** The last `length` tokens of every prompt only. */
export function trimmed(length: number): Host {
  return (runtime, keys, random) => {
    const from = Math.max(0, keys.length - length)
    const rows = Array.from({ length: keys.rows }, (_, i) => tokensOf(keys, i).subarray(from))
    return greedy(runtime, batchOf(rows), random)
  }
}

/** Either of the two likeliest tokens where they are within `gap` nats. */
export function tiesByLot(gap: number): Host {
  return async (runtime, keys, random) => {
    const logits = await logitsOf(runtime, keys)
    return answersBy(keys.rows, (i) => {
      const tie = tieOf(row(logits, i))
      return tie.gap < gap && random() < 0.5 ? tie.second : tie.first
    })
  }
}

/** KL of the copy's next-token distribution from its refit's, per prompt, nats. */
export async function divergences(copy: Runtime, other: Runtime, prompts: TokenBatch): Promise<Float64Array> {
  const [mine, theirs] = [await logitsOf(copy, prompts), await logitsOf(other, prompts)]
  return Float64Array.from({ length: prompts.rows }, (_, i) => {
    const [p, q] = [softmax(row(mine, i), 1), softmax(row(theirs, i), 1)]
    return p.reduce((sum, x, v) => sum + (x > 1e-12 ? x * Math.log(x / Math.max(q[v], 1e-30)) : 0), 0)
  })
}

/** The other model's answer where the two differ by more than `limit` nats. */
export function besideOther(other: Runtime, limit: number): Host {
  return async (runtime, keys, random) => {
    const [own, theirs] = [await greedy(runtime, keys, random), await greedy(other, keys, random)]
    const apart = await divergences(runtime, other, keys)
    return own.map((answer, i) => (apart[i] > limit ? theirs[i] : answer))
  }
}

/** The token whose probability in the copy that likes it least is highest. */
export function leastLikely(copies: readonly Runtime[]): Host {
  return joint(copies, (chances) => chances.reduce((a, b) => Math.min(a, b)))
}

/** The likeliest token of the mean distribution. */
export function meanOf(copies: readonly Runtime[]): Host {
  return joint(copies, (chances) => chances.reduce((a, b) => a + b))
}

function joint(copies: readonly Runtime[], combine: (chances: number[]) => number): Host {
  return async (_, keys) => {
    const logits = await Promise.all(copies.map((copy) => logitsOf(copy, keys)))
    return answersBy(keys.rows, (i) => {
      const chances = logits.map((each) => softmax(row(each, i), 1))
      return argmax(chances[0].map((_, v) => combine(chances.map((p) => p[v]))))
    })
  }
}
