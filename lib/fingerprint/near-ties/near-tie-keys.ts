import type { Matrix, RunOptions, Runtime, Tap, TokenBatch } from '../../inference/runtime'
import { sliceBatch } from '../keys/batch'
import { zeros } from '../linear/matrix'

/**
 * Prompts at which the base hesitates between two answers. Key i is the i-th row of all prompts in order, shortest
 * batch first.
 */
export type NearTieKeys = {
  /** One batch for every length. */
  prompts: TokenBatch[]
  /** The likelier answer and its rival, [N, 2]. */
  pairs: Uint32Array
  /** Logit of the first answer minus the second in the base, nats, [N], ≥ 0. */
  gaps: Float64Array
}

const rowsAtOnce = 256

/** Runs every prompt; a tap's rows are the keys in order. Only taps of the last position. */
export async function runKeys<T extends Tap>(
  runtime: Runtime,
  { prompts }: Pick<NearTieKeys, 'prompts'>,
  taps: readonly T[],
  options: RunOptions = {},
): Promise<Record<T, Matrix>> {
  const rows = prompts.reduce((sum, batch) => sum + batch.rows, 0)
  const out = new Map<T, Matrix>()
  let at = 0
  for (const batch of prompts)
    for (let from = 0; from < batch.rows; from += rowsAtOnce) {
      const part = sliceBatch(batch, from, from + rowsAtOnce)
      const ran = await runtime.run(part, taps, options)
      for (const tap of taps) {
        const { data, cols } = ran[tap]
        const whole = out.get(tap) ?? zeros(rows, cols)
        out.set(tap, whole)
        whole.data.set(data, at * cols)
      }
      at += part.rows
      options.onProgress?.(at, rows)
    }
  return Object.fromEntries(out) as Record<T, Matrix>
}

/** Logit of each key's first answer minus its second, nats, [N]; logits [N, vocab]. */
export function differences(logits: Matrix, pairs: Uint32Array): Float64Array {
  return Float64Array.from(
    { length: logits.rows },
    (_, i) => logits.data[i * logits.cols + pairs[2 * i]] - logits.data[i * logits.cols + pairs[2 * i + 1]],
  )
}

/** +1 where the answer is the first of the key's pair, −1 where it is the second, 0 where it is neither. */
export function votes(answers: ArrayLike<number>, pairs: Uint32Array): Int8Array {
  return Int8Array.from(answers, (answer, i) => (answer === pairs[2 * i] ? 1 : answer === pairs[2 * i + 1] ? -1 : 0))
}
