import type { Matrix } from '../../lib/inference/runtime'
import type { ModelConfig } from '../../lib/weights/config/config'

type Shape = Pick<ModelConfig, 'heads' | 'kvHeads' | 'headDim' | 'ropes'> & { rows: number; T: number }

/** Rotary positions of q or k [rows · T, heads · headDim]; `turn` −1 turns them back. */
export function rotated(m: Matrix, heads: number, { headDim, ropes, T }: Shape, turn: 1 | -1): Matrix {
  const out = { ...m, data: m.data.slice() }
  const half = headDim / 2
  const theta = ropes?.full.theta ?? 10_000
  for (let i = 0; i < m.rows; i++)
    for (let f = 0; f < half; f++) {
      const angle = (i % T) * theta ** (-f / half)
      const [cos, sin] = [Math.cos(angle), turn * Math.sin(angle)]
      for (let h = 0; h < heads; h++) {
        const at = i * m.cols + h * headDim + f
        const [a, b] = [m.data[at], m.data[at + half]]
        out.data[at] = a * cos - b * sin
        out.data[at + half] = b * cos + a * sin
      }
    }
  return out
}

/** Softmax(q kᵀ / √d) v of every head; `chances` [rows, heads, T, T]. */
export function causalAttention(q: Matrix, k: Matrix, v: Matrix, { rows, T, heads, kvHeads, headDim }: Shape) {
  const out = { data: new Float32Array(q.data.length), rows: q.rows, cols: q.cols }
  const chances = new Float32Array(rows * heads * T * T)
  const scale = 1 / Math.sqrt(headDim)
  for (let r = 0; r < rows; r++)
    for (let h = 0; h < heads; h++) {
      const [own, shared] = [h * headDim, Math.floor((h * kvHeads) / heads) * headDim]
      for (let t = 0; t < T; t++) {
        const p = chances.subarray(((r * heads + h) * T + t) * T, ((r * heads + h) * T + t + 1) * T)
        const qAt = (r * T + t) * q.cols + own
        let most = Number.NEGATIVE_INFINITY
        for (let s = 0; s <= t; s++) {
          const kAt = (r * T + s) * k.cols + shared
          let dot = 0
          for (let j = 0; j < headDim; j++) dot += q.data[qAt + j] * k.data[kAt + j]
          p[s] = dot * scale
          if (p[s] > most) most = p[s]
        }
        let mass = 0
        for (let s = 0; s <= t; s++) {
          p[s] = Math.exp(p[s] - most)
          mass += p[s]
        }
        const outAt = (r * T + t) * out.cols + own
        for (let s = 0; s <= t; s++) {
          p[s] /= mass
          const vAt = (r * T + s) * v.cols + shared
          for (let j = 0; j < headDim; j++) out.data[outAt + j] += p[s] * v.data[vAt + j]
        }
      }
    }
  return { out, chances }
}

/** Derivatives by q, k and v, from that by the output. */
export function causalAttentionBackward(
  d: Matrix,
  q: Matrix,
  k: Matrix,
  v: Matrix,
  chances: Float32Array,
  { rows, T, heads, kvHeads, headDim }: Shape,
) {
  const like = (m: Matrix): Matrix => ({ ...m, data: new Float32Array(m.data.length) })
  const [dQ, dK, dV] = [like(q), like(k), like(v)]
  const scale = 1 / Math.sqrt(headDim)
  const slopes = new Float64Array(T)
  for (let r = 0; r < rows; r++)
    for (let h = 0; h < heads; h++) {
      const [own, shared] = [h * headDim, Math.floor((h * kvHeads) / heads) * headDim]
      for (let t = 0; t < T; t++) {
        const p = chances.subarray(((r * heads + h) * T + t) * T, ((r * heads + h) * T + t + 1) * T)
        const at = (r * T + t) * d.cols + own
        let mean = 0
        for (let s = 0; s <= t; s++) {
          const vAt = (r * T + s) * v.cols + shared
          let dot = 0
          for (let j = 0; j < headDim; j++) {
            dot += d.data[at + j] * v.data[vAt + j]
            dV.data[vAt + j] += p[s] * d.data[at + j]
          }
          slopes[s] = dot
          mean += p[s] * dot
        }
        for (let s = 0; s <= t; s++) {
          const slope = p[s] * (slopes[s] - mean) * scale
          const kAt = (r * T + s) * k.cols + shared
          for (let j = 0; j < headDim; j++) {
            dQ.data[at + j] += slope * k.data[kAt + j]
            dK.data[kAt + j] += slope * q.data[at + j]
          }
        }
      }
    }
  return { q: dQ, k: dK, v: dV }
}
