import type { Matrix } from '../inference/runtime'
import { cholesky, solveLower } from './linear/cholesky'
import { row } from './linear/matrix'
import { type Square, trace, withRidge } from './linear/square'

const floor = 1e-4

/**
 * The `count` rows of z [n, ff] farthest from ordinary text and from one another, in the metric of C⁻¹, best first
 * (pivoted Gram–Schmidt on the whitened rows).
 */
export function pickByLeverage(z: Matrix, moment: Square, count: number): number[] {
  const left = solveLower(cholesky(withRidge(moment, 1, (floor * trace(moment)) / moment.size)), z)
  const picked: number[] = []
  const free = new Set(Array.from({ length: z.rows }, (_, i) => i))
  while (picked.length < count && free.size > 0) {
    let [best, most] = [-1, -1]
    for (const i of free) {
      const length = squaredLength(row(left, i))
      if (length > most) [best, most] = [i, length]
    }
    picked.push(best)
    free.delete(best)
    const direction = row(left, best).map((x) => x / Math.sqrt(most || 1))
    for (const i of free) removeDirection(row(left, i), direction)
  }
  return picked
}

function squaredLength(x: Float32Array): number {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i]
  return sum
}

function removeDirection(x: Float32Array, direction: Float32Array): void {
  let along = 0
  for (let i = 0; i < x.length; i++) along += x[i] * direction[i]
  for (let i = 0; i < x.length; i++) x[i] -= along * direction[i]
}
