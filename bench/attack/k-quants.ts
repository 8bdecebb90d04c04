import type { MatrixAttack } from './matrix-attacks'

/**
 * GGUF's k-quants, rounded and read back: super-blocks of 256 weights in sub-blocks with a scale and, where `offset`, a
 * least value of their own, which are themselves rounded to `scaleBits` of the super-block's largest.
 */
type KQuant = { bits: number; group: number; scaleBits: number; offset: boolean }

const kinds = {
  Q4_K: { bits: 4, group: 32, scaleBits: 6, offset: true },
  Q3_K: { bits: 3, group: 16, scaleBits: 6, offset: false },
  Q2_K: { bits: 2, group: 16, scaleBits: 4, offset: true },
} satisfies Record<string, KQuant>

const superBlock = 256

export const kQuantNames = Object.keys(kinds) as (keyof typeof kinds)[]

export function kQuant(name: keyof typeof kinds): MatrixAttack {
  return ({ data }) => {
    const out = new Float32Array(data.length)
    for (let from = 0; from < data.length; from += superBlock)
      roundBlock(data.subarray(from, from + superBlock), out.subarray(from, from + superBlock), kinds[name])
    return out
  }
}

function roundBlock(values: Float32Array, out: Float32Array, { bits, group, scaleBits, offset }: KQuant): void {
  const levels = 2 ** bits - 1
  const count = Math.ceil(values.length / group)
  const parts = Array.from({ length: count }, (_, i) => values.subarray(i * group, (i + 1) * group))
  const least = parts.map((part) => (offset ? Math.min(0, ...part) : 0))
  const scales = parts.map((part, i) =>
    offset ? (Math.max(0, ...part) - least[i]) / levels : Math.max(...part.map(Math.abs)) / (levels / 2),
  )
  const rounded = (all: number[]) => {
    const step = Math.max(...all.map(Math.abs)) / (2 ** scaleBits - 1) || 1
    return all.map((x) => Math.round(x / step) * step)
  }
  const [kept, lows] = [rounded(scales), rounded(least)]
  for (const [i, part] of parts.entries())
    for (const [j, x] of part.entries()) {
      const scale = kept[i] || 1
      const limit = offset ? [0, levels] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1]
      const level = Math.max(limit[0], Math.min(limit[1], Math.round((x - lows[i]) / scale)))
      out[i * group + j] = kept[i] === 0 ? lows[i] : level * scale + lows[i]
    }
}
