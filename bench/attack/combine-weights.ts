import { row } from '../../lib/fingerprint/linear/matrix'
import type { Matrix } from '../../lib/inference/runtime'

/** The mean of several copies’ weights. */
export function average(copies: readonly ReadonlyMap<string, Float32Array>[]): Map<string, Float32Array> {
  const names = [...copies[0].keys()]
  return new Map(
    names.map((name) => {
      const sum = new Float32Array(copies[0].get(name)?.length ?? 0)
      for (const copy of copies) for (const [i, x] of (copy.get(name) ?? []).entries()) sum[i] += x / copies.length
      return [name, sum]
    }),
  )
}

/**
 * Copy-diff projection: the mean of several copies without its components along the `rank` strongest directions in which
 * the copies differ. Shapes: a copy’s matrix [out, in]; directions [rank, in].
 */
export function projected(
  copies: readonly ReadonlyMap<string, Float32Array>[],
  widthOf: (name: string) => number,
  rank: number,
): Map<string, Float32Array> {
  const mean = average(copies)
  for (const [name, weights] of mean) {
    const cols = widthOf(name)
    const differences = copies.map((copy) => (copy.get(name) ?? weights).map((x, i) => x - weights[i]))
    const all = { data: concat(differences), rows: (copies.length * weights.length) / cols, cols }
    const matrix = { data: weights, rows: weights.length / cols, cols }
    for (const direction of strongestDirections(all, rank))
      for (let i = 0; i < matrix.rows; i++) removeDirection(row(matrix, i), direction)
  }
  return mean
}

/** Orthonormal rows that span the longest rows of m (pivoted Gram–Schmidt). Overwrites `m`. */
function strongestDirections(m: Matrix, rank: number): Float32Array[] {
  const directions: Float32Array[] = []
  for (let n = 0; n < Math.min(rank, m.rows, m.cols); n++) {
    const lengths = Array.from({ length: m.rows }, (_, i) => row(m, i).reduce((sum, x) => sum + x * x, 0))
    const longest = Math.max(...lengths)
    if (longest < 1e-10) break
    const direction = row(m, lengths.indexOf(longest)).map((x) => x / Math.sqrt(longest))
    for (let i = 0; i < m.rows; i++) removeDirection(row(m, i), direction)
    directions.push(direction)
  }
  return directions
}

function removeDirection(x: Float32Array, direction: Float32Array): void {
  let along = 0
  for (let j = 0; j < x.length; j++) along += x[j] * direction[j]
  for (let j = 0; j < x.length; j++) x[j] -= along * direction[j]
}

function concat(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
