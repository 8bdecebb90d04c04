import { KinmarkError } from '../../error'
import type { Matrix } from '../../inference/runtime'
import { type Square, square } from './square'

/** Lower L with L Lᵀ = a; only the lower triangle of `a` is read. Throws `fingerprint.not-positive-definite`. */
export function cholesky(a: Square): Square {
  const { size } = a
  const lower = square(size)
  const l = lower.data
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a.data[i * size + j]
      const [iAt, jAt] = [i * size, j * size]
      for (let t = 0; t < j; t++) sum -= l[iAt + t] * l[jAt + t]
      if (i !== j) l[iAt + j] = sum / l[jAt + j]
      else if (sum > 0) l[iAt + i] = Math.sqrt(sum)
      else throw new KinmarkError('fingerprint.not-positive-definite', { size, pivot: i, value: sum })
    }
  }
  return lower
}

/** Per row r of `rows` [n, size], the solution of L x = r. */
export function solveLower(lower: Square, rows: Matrix): Matrix {
  return eachRow(lower, rows, forward)
}

/** Per row r of `rows` [n, size], the solution of L Lᵀ x = r: rows · a⁻¹, for symmetric a = L Lᵀ. */
export function solveCholesky(lower: Square, rows: Matrix): Matrix {
  return eachRow(lower, rows, (l, x) => {
    forward(l, x)
    backward(l, x)
  })
}

/** a⁻¹ for symmetric a = L Lᵀ, [size, size]. */
export function inverse(lower: Square): Matrix {
  const { size } = lower
  const identity = { data: new Float32Array(size * size), rows: size, cols: size }
  for (let i = 0; i < size; i++) identity.data[i * size + i] = 1
  return solveCholesky(lower, identity)
}

function eachRow(lower: Square, rows: Matrix, solve: (lower: Square, x: Float64Array) => void): Matrix {
  const out = new Float32Array(rows.data.length)
  const x = new Float64Array(lower.size)
  for (let i = 0; i < rows.rows; i++) {
    x.set(rows.data.subarray(i * rows.cols, (i + 1) * rows.cols))
    solve(lower, x)
    out.set(x, i * rows.cols)
  }
  return { data: out, rows: rows.rows, cols: rows.cols }
}

function forward({ data, size }: Square, x: Float64Array): void {
  for (let i = 0; i < size; i++) {
    let sum = x[i]
    const at = i * size
    for (let j = 0; j < i; j++) sum -= data[at + j] * x[j]
    x[i] = sum / data[at + i]
  }
}

function backward({ data, size }: Square, x: Float64Array): void {
  for (let i = size - 1; i >= 0; i--) {
    const at = i * size
    const value = x[i] / data[at + i]
    x[i] = value
    for (let j = 0; j < i; j++) x[j] -= data[at + j] * value
  }
}
