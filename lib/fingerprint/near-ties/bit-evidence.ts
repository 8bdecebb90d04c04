import type { Matmul, Matrix } from '../../inference/runtime'
import { factor } from '../linear/factor'
import { transpose } from '../linear/matrix'
import { matrixTrace, square } from '../linear/square'
import type { RidgeSolver } from './embed-ties'
import type { ShownEvidence } from './text-evidence'

/** How a copy's α follow from its bits: α = (G + ridge)⁻¹ (bit · margin). `solve` is the kernel's `ridgeSolver`. */
export type Bits = { solve: RidgeSolver; margins: Float64Array }

/** Weight of small bits against small residuals: a ridge, as a part of the mean diagonal. */
const ridge = 1

/** Slopes along each α as slopes along each bit, [N]. */
export async function bitSlopes(bits: Bits, slopes: Float64Array): Promise<Float64Array> {
  const { data } = await alongBits(bits, { data: Float32Array.from(slopes), rows: 1, cols: slopes.length })
  return Float64Array.from(data)
}

/**
 * The bits, as real numbers [N], that explain shown log probabilities best: ridge regression, (A + ρ I)⁻¹ Σ a y with the
 * derivatives along each bit. Slopes alone would count what two bits have in common twice.
 */
export async function explainingBits(
  matmul: Matmul,
  bits: Bits,
  { squares, products }: ShownEvidence,
): Promise<Float64Array> {
  const { size } = squares
  const half = await alongBits(bits, { data: Float32Array.from(squares.data), rows: size, cols: size })
  const whole = square(size)
  whole.data.set((await alongBits(bits, transpose(half))).data)
  const slopes = await bitSlopes(bits, products)
  const weight = (ridge * matrixTrace(whole)) / size
  if (!(weight > 0)) return slopes
  const solve = await factor(matmul, whole, 1, weight)
  const { data } = await solve.whole({ data: Float32Array.from(slopes), rows: 1, cols: size })
  return Float64Array.from(data)
}

/** Rows of derivatives along each α, [n, N], as derivatives along each bit. */
async function alongBits({ solve, margins }: Bits, rows: Matrix): Promise<Matrix> {
  const { data, ...shape } = await solve(rows)
  return { ...shape, data: data.map((x, i) => x * margins[i % margins.length]) }
}
