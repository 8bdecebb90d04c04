import type { Edits } from '../../inference/runtime'

const group = 32

/**
 * The edited tensors after symmetric quantisation in groups of 32 numbers: each number becomes an integer multiple of its
 * group’s step, which is the group’s largest magnitude divided by 2^(bits − 1) − 1.
 */
export function roundedTo(bits: 4 | 8, edits: Edits): Edits {
  const most = 2 ** (bits - 1) - 1
  return new Map(
    [...edits].map(([name, values]) => {
      const out = new Float32Array(values.length)
      for (let from = 0; from < values.length; from += group) {
        const to = Math.min(values.length, from + group)
        let largest = 0
        for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(values[i]))
        const step = largest / most || 1
        for (let i = from; i < to; i++) out[i] = Math.round(values[i] / step) * step
      }
      return [name, out]
    }),
  )
}
