import type { Matmul, Matrix } from '../../inference/runtime'
import { cholesky, solveCholesky, solveLower } from './cholesky'
import { columnsOf, subtractInto } from './columns'
import { type Square, square, withRidge } from './square'

/** Solves with A = L Lᵀ for rows [n, size]: `lower` is L⁻¹ r, `whole` A⁻¹ r. */
export type Factor = { lower(rows: Matrix): Promise<Matrix>; whole(rows: Matrix): Promise<Matrix> }

/** Up to this size a matrix is factored in double precision, which the engine’s products do not offer. */
const small = 512
/** More rows than this part of the size are solved by the factor's inverse, with the engine's products. */
const fewRows = 1 / 4
const block = 256
/** In single precision a pivot smaller than this share of its diagonal is lost in rounding. */
const coarseFloor = 1e-4

/** The factor of scale · a + ridge · I. A large matrix is factored in blocks, with the engine’s products. */
export async function factor(matmul: Matmul, a: Square, scale: number, ridge: number): Promise<Factor> {
  if (a.size > small) return blocked(matmul, withRidge(a, scale, ridge))
  const lower = cholesky(withRidge(a, scale, ridge))
  let inverted: Matrix | undefined
  // The rows alone decide how they are solved, so that equal rows have equal results whatever was solved before.
  const inverse = (rows: Matrix) => {
    if (rows.rows <= fewRows * a.size) return undefined
    inverted ??= invertLower(lower)
    return inverted
  }
  return {
    async lower(rows) {
      const byInverse = inverse(rows)
      return byInverse ? matmul(rows, byInverse, 'b') : solveLower(lower, rows)
    },
    async whole(rows) {
      const byInverse = inverse(rows)
      return byInverse ? matmul(await matmul(rows, byInverse, 'b'), byInverse) : solveCholesky(lower, rows)
    },
  }
}

/** Left-looking, on the matrix scaled to a unit diagonal, so that features of different sizes are equally precise. Overwrites `a`. */
async function blocked(matmul: Matmul, a: Square): Promise<Factor> {
  const { size } = a
  const scales = Float64Array.from({ length: size }, (_, i) => Math.sqrt(a.data[i * size + i]))
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) a.data[i * size + j] /= scales[i] * scales[j]
  for (let i = 0; i < size; i++) a.data[i * size + i] += coarseFloor
  const l: Matrix = { data: Float32Array.from(a.data), rows: size, cols: size }
  const inverses: Matrix[] = []
  for (let from = 0; from < size; from += block) {
    const to = Math.min(size, from + block)
    const panel = columnsOf(l, from, to, from)
    if (from > 0) {
      const done = columnsOf(l, 0, from, from)
      subtractInto(
        panel,
        await matmul(done, { ...done, data: done.data.subarray(0, (to - from) * from), rows: to - from }, 'b'),
      )
    }
    const width = to - from
    const corner = square(width)
    for (let i = 0; i < width * width; i++) corner.data[i] = panel.data[i]
    const factored = cholesky(corner)
    const inverse = invertLower(factored)
    inverses.push(inverse)
    const below = { data: panel.data.subarray(width * width), rows: panel.rows - width, cols: width }
    const solved = below.rows > 0 ? await matmul(below, inverse, 'b') : below
    for (let i = 0; i < width; i++)
      for (let j = 0; j < width; j++) l.data[(from + i) * size + from + j] = factored.data[i * width + j]
    for (let i = 0; i < below.rows; i++)
      l.data.set(solved.data.subarray(i * width, (i + 1) * width), (to + i) * size + from)
  }
  const scaled = (rows: Matrix) => ({ ...rows, data: rows.data.map((x, i) => x / scales[i % size]) })
  const forward = (rows: Matrix) => sweepForward(matmul, l, inverses, scaled(rows))
  return { lower: forward, whole: async (rows) => scaled(await sweepBack(matmul, l, inverses, await forward(rows))) }
}

async function sweepForward(matmul: Matmul, l: Matrix, inverses: readonly Matrix[], rows: Matrix): Promise<Matrix> {
  for (const [i, inverse] of inverses.entries()) {
    const [from, to] = [i * block, i * block + inverse.rows]
    const part = columnsOf(rows, from, to)
    if (i > 0) {
      const left = columnsOf({ ...l, data: l.data.subarray(from * l.cols, to * l.cols), rows: to - from }, 0, from)
      subtractInto(part, await matmul(columnsOf(rows, 0, from), left, 'b'))
    }
    putColumns(rows, from, await matmul(part, inverse, 'b'))
  }
  return rows
}

async function sweepBack(matmul: Matmul, l: Matrix, inverses: readonly Matrix[], rows: Matrix): Promise<Matrix> {
  for (const [i, inverse] of [...inverses.entries()].reverse()) {
    const [from, to] = [i * block, i * block + inverse.rows]
    const part = columnsOf(rows, from, to)
    if (to < l.rows) subtractInto(part, await matmul(columnsOf(rows, to, l.rows), columnsOf(l, from, to, to)))
    putColumns(rows, from, await matmul(part, inverse))
  }
  return rows
}

function putColumns(m: Matrix, from: number, part: Matrix): void {
  for (let i = 0; i < part.rows; i++)
    m.data.set(part.data.subarray(i * part.cols, (i + 1) * part.cols), i * m.cols + from)
}

function invertLower({ data, size }: Square): Matrix {
  const out = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    const own = out.subarray(i * size, i * size + i + 1)
    own[i] = 1
    for (let t = 0; t < i; t++) {
      const [factor, above] = [data[i * size + t], out.subarray(t * size, t * size + t + 1)]
      for (let j = 0; j <= t; j++) own[j] -= factor * above[j]
    }
    for (let j = 0; j <= i; j++) own[j] /= data[i * size + i]
  }
  return { data: Float32Array.from(out), rows: size, cols: size }
}
