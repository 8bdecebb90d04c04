import type { Matrix } from '../../inference/runtime'
import { capSlope, type Head, type HeadMetric, logitAt, normalized, rms } from '../head/head'
import type { Moments } from '../keys/shares'
import { factor } from '../linear/factor'
import { row, takeRows, zeros } from '../linear/matrix'
import { matrixTrace } from '../linear/square'
import type { NearTieKeys } from './near-tie-keys'

/** How keys are written: with a number α for each, ΔW_l = movesᵀ diag(α) solvers_l. The same for every copy. */
export type TieWriting = {
  /** B⁻¹ (U_a − U_b) / rms: the move of the last residual that a unit of key k's edit makes at key k, [N, d]. */
  moves: Matrix
  /** Z (C + μI)⁻¹ for each layer, [N, ff]. */
  solvers: Matrix[]
}

/** The base's states at the last token of every key: the last residual [N, d], and each layer's down_proj input [N, ff]. */
export type TieStates = { residuals: Matrix; inputs: readonly Matrix[] }

/**
 * `floor` is μ as a part of C's mean diagonal: it keeps an edit out of directions that ordinary text does not use, where
 * a refit would erase it. A refit of that strength is survived best: (C + μI)⁻¹ z maximizes what is left of the edit for
 * its harm.
 */
export async function tieWriting(
  { matmul, head, inverseCurvature }: HeadMetric,
  { pairs }: Pick<NearTieKeys, 'pairs'>,
  { residuals, inputs }: TieStates,
  moments: Moments,
  floor: number,
): Promise<TieWriting> {
  const moves = await matmul(pairDifferences(head, pairs, residuals), inverseCurvature)
  scaleRows(moves, inverseRms(residuals, head.epsilon))
  const solvers: Matrix[] = []
  for (const [i, input] of inputs.entries()) {
    const moment = await moments(i)
    const { whole } = await factor(matmul, moment, 1, (floor * matrixTrace(moment)) / moment.size)
    solvers.push(await whole({ ...input, data: input.data.slice() }))
  }
  return { moves, solvers }
}

/**
 * G [N, N]: by how many nats a unit of key j's edit moves the lead of key i, as if every layer's edit reached the last
 * residual unchanged: (U_a − U_b)_i · moves_j / rms_i times Σ_l z_i · solvers_j. Symmetric and positive.
 */
export async function tieKernel(
  { matmul, head }: Pick<HeadMetric, 'matmul' | 'head'>,
  { pairs }: Pick<NearTieKeys, 'pairs'>,
  { residuals, inputs }: TieStates,
  { moves, solvers }: TieWriting,
): Promise<Matrix> {
  const away = pairDifferences(head, pairs, residuals)
  scaleRows(away, inverseRms(residuals, head.epsilon))
  const kernel = await matmul(away, moves, 'b')
  const overlap = zeros(kernel.rows, kernel.cols)
  for (const [i, solver] of solvers.entries()) {
    const { data } = await matmul(inputs[i], solver, 'b')
    for (let at = 0; at < data.length; at++) overlap.data[at] += data[at]
  }
  for (let at = 0; at < kernel.data.length; at++) kernel.data[at] *= overlap.data[at]
  return kernel
}

/** diag(α) moves, [N, d]. */
export function weighted(moves: Matrix, alpha: Float64Array): Matrix {
  const out = { ...moves, data: moves.data.slice() }
  scaleRows(out, alpha)
  return out
}

/** U_a − U_b per key, [N, d]; with a cap, each row of U times `capSlope` of its logit. */
function pairDifferences(head: Head, pairs: Uint32Array, residuals: Matrix): Matrix {
  const { unembedding } = head
  const states = normalized(residuals, head)
  const first = takeRows(
    unembedding,
    pairs.filter((_, i) => i % 2 === 0),
  )
  for (let i = 0; i < first.rows; i++) {
    const [mine, rival] = [row(first, i), row(unembedding, pairs[2 * i + 1])]
    const [a, b] = [0, 1].map((n) => capSlope(head, logitAt(head, row(states, i), pairs[2 * i + n])))
    for (let j = 0; j < mine.length; j++) mine[j] = a * mine[j] - b * rival[j]
  }
  return first
}

function inverseRms(residuals: Matrix, epsilon: number): Float64Array {
  return Float64Array.from({ length: residuals.rows }, (_, i) => 1 / rms(row(residuals, i), epsilon))
}

function scaleRows(m: Matrix, scales: Float64Array): void {
  for (let i = 0; i < m.rows; i++) {
    const values = row(m, i)
    for (let j = 0; j < values.length; j++) values[j] *= scales[i]
  }
}
