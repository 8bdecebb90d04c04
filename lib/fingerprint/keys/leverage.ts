import type { Matmul, Matrix } from '../../inference/runtime'
import { type Factor, factor } from '../linear/factor'
import { row } from '../linear/matrix'
import { matrixTrace, type Square } from '../linear/square'

const floor = 1e-4

/** Rows of z [n, ff] in the metric of C⁻¹: how far from ordinary text is then their length. */
export async function whitener(matmul: Matmul, moment: Square): Promise<Factor['lower']> {
  return (await factor(matmul, moment, 1, (floor * matrixTrace(moment)) / moment.size)).lower
}

/**
 * The `count` whitened rows farthest from ordinary text and from one another for what they cost, best first (pivoted
 * Gram–Schmidt). Spoils `left`.
 */
export function pickByLeverage(left: Matrix, costs: Float64Array, count: number): number[] {
  const picked: number[] = []
  const free = new Set(Array.from({ length: left.rows }, (_, i) => i))
  while (picked.length < count && free.size > 0) {
    let [best, most] = [-1, -1]
    for (const i of free) {
      const worth = dot(row(left, i), row(left, i)) / costs[i]
      if (worth > most) [best, most] = [i, worth]
    }
    picked.push(best)
    free.delete(best)
    const length = Math.sqrt(most * costs[best])
    const direction = row(left, best).map((x) => x / (length || 1))
    for (const i of free) removeDirection(row(left, i), direction)
  }
  return picked
}

export function dot(x: Float32Array, y: Float32Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i]
  return sum
}

function removeDirection(x: Float32Array, direction: Float32Array): void {
  const along = dot(x, direction)
  for (let i = 0; i < x.length; i++) x[i] -= along * direction[i]
}
