import type { Matrix } from '../../inference/runtime'
import { transpose } from './matrix'

/**
 * a bᵀ, [m, k] × [n, k] → [m, n], summed in double precision. Two rows of `a` are multiplied by four rows of `b` at a
 * time, so that the eight sums stay in registers.
 */
export function productTransposed(a: Matrix, b: Matrix): Matrix {
  const [m, n, k] = [a.rows, b.rows, a.cols]
  const [x, y, out] = [a.data, b.data, new Float32Array(m * n)]
  const [pairs, fours] = [m - (m % 2), n - (n % 4)]
  for (let i = 0; i < pairs; i += 2) {
    const [a0, a1] = [i * k, (i + 1) * k]
    for (let j = 0; j < fours; j += 4) {
      const [b0, b1, b2, b3] = [j * k, (j + 1) * k, (j + 2) * k, (j + 3) * k]
      let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0]
      for (let t = 0; t < k; t++) {
        const u = x[a0 + t]
        const v = x[a1 + t]
        const p = y[b0 + t]
        const q = y[b1 + t]
        const r = y[b2 + t]
        const s = y[b3 + t]
        s00 += u * p
        s01 += u * q
        s02 += u * r
        s03 += u * s
        s10 += v * p
        s11 += v * q
        s12 += v * r
        s13 += v * s
      }
      const [o0, o1] = [i * n + j, (i + 1) * n + j]
      out[o0] = s00
      out[o0 + 1] = s01
      out[o0 + 2] = s02
      out[o0 + 3] = s03
      out[o1] = s10
      out[o1 + 1] = s11
      out[o1 + 2] = s12
      out[o1 + 3] = s13
    }
    for (let j = fours; j < n; j++) {
      out[i * n + j] = dot(x, a0, y, j * k, k)
      out[(i + 1) * n + j] = dot(x, a1, y, j * k, k)
    }
  }
  for (let i = pairs; i < m; i++) for (let j = 0; j < n; j++) out[i * n + j] = dot(x, i * k, y, j * k, k)
  return { data: out, rows: m, cols: n }
}

/** a b, [m, k] × [k, n] → [m, n]. */
export function product(a: Matrix, b: Matrix): Matrix {
  return productTransposed(a, transpose(b))
}

function dot(x: Float32Array, xAt: number, y: Float32Array, yAt: number, length: number): number {
  let sum = 0
  for (let t = 0; t < length; t++) sum += x[xAt + t] * y[yAt + t]
  return sum
}
