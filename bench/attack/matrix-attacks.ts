import { gaussian, type Random } from '../../lib/fingerprint/stats/random'
import type { Matrix } from '../../lib/inference/runtime'

/** Changes one matrix [out, in]. */
export type MatrixAttack = (weights: Matrix, random: Random, name: string) => Float32Array

/** Rounds to `2 ** bits − 1` levels, symmetric around 0, with one scale for each group of `group` weights of a row. */
export function quantise(bits: number, group?: number): MatrixAttack {
  const levels = 2 ** (bits - 1) - 1
  return ({ data, cols }) => {
    const out = new Float32Array(data.length)
    const width = group ?? cols
    for (let from = 0; from < data.length; from += width) {
      const part = data.subarray(from, from + width)
      const scale = part.reduce((most, x) => Math.max(most, Math.abs(x)), 0) / levels || 1
      for (let i = 0; i < part.length; i++) out[from + i] = Math.round(part[i] / scale) * scale
    }
    return out
  }
}

/** Sets the smallest `share` of the weights to 0. */
export function prune(share: number): MatrixAttack {
  return ({ data }) => {
    const limit = data.map(Math.abs).sort()[Math.floor(share * data.length)]
    return data.map((x) => (Math.abs(x) < limit ? 0 : x))
  }
}

/** Adds Gaussian noise with `part` of the weights’ standard deviation. */
export function blur(part: number): MatrixAttack {
  return ({ data }, random) => {
    const spread = part * Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length)
    return data.map((x) => x + spread * gaussian(random))
  }
}
