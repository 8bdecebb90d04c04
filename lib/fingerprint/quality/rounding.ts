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
        const part = values.subarray(from, from + group)
        const step = part.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0) / most || 1
        for (const [i, x] of part.entries()) out[from + i] = Math.round(x / step) * step
      }
      return [name, out]
    }),
  )
}
