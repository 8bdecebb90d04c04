import type { Matmul, Matrix } from '../../inference/runtime'
import { type Factor, factor } from '../linear/factor'
import { row } from '../linear/matrix'
import { matrixTrace, type Square } from '../linear/square'

/** Ridge as a share of the moment’s mean diagonal. */
const floor = 1e-4

/** Maps rows of z [n, ff] to L⁻¹ z, with C = L Lᵀ the second moment of ordinary text: their length is the distance from it. */
export async function whitener(matmul: Matmul, moment: Square): Promise<Factor['lower']> {
  return (await factor(matmul, moment, 1, (floor * matrixTrace(moment)) / moment.size)).lower
}

/**
 * Picks `count` whitened rows by pivoted Gram–Schmidt, best first: those with the largest squared distance from ordinary
 * text and from the rows picked before, per unit of cost. Overwrites `left`.
 */
export function pickByLeverage(left: Matrix, costs: Float64Array, count: number): number[] {
  const picked: number[] = []
  const free = new Set(Array.from({ length: left.rows }, (_, i) => i))
  while (picked.length < count && free.size > 0) {
    let [best, highest] = [-1, -1]
    for (const i of free) {
      const worth = dot(row(left, i), row(left, i)) / costs[i]
      if (worth > highest) [best, highest] = [i, worth]
    }
    picked.push(best)
    free.delete(best)
    const length = Math.sqrt(highest * costs[best])
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
