import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Matmul, Matrix } from '../../inference/runtime'
import { transpose } from '../linear/matrix'
import { product, productTransposed } from '../linear/product'
import type { Square } from '../linear/square'
import { gaussian, seededRandom } from '../stats/random'
import { layerEdit } from './edit'
import { layerSolver } from './solver'

/** In plain TypeScript: a formula can be tested without an engine. */
const matmul: Matmul = async (a, b, side) => product(side === 'a' ? transpose(a) : a, side === 'b' ? transpose(b) : b)

const identity = (size: number, scale: number): Square => ({
  data: Float64Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? scale : 0)),
  size,
})

function normal(rows: number, cols: number, seed: number): Matrix {
  const random = seededRandom(new Uint8Array(16).fill(seed))
  return { data: Float32Array.from({ length: rows * cols }, () => gaussian(random)), rows, cols }
}

const seeds = fc.integer({ min: 1, max: 200 })

test('default: where ordinary text has little variance, every key moves by its target', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const [keys, targets] = [normal(5, 24, seed), normal(5, 6, seed + 1)]
      const delta = await layerEdit(matmul, targets, await layerSolver(matmul, keys, identity(24, 1e-6)))
      const moved = productTransposed(keys, delta)
      moved.data.forEach((x, i) => {
        expect(x).toBeCloseTo(targets.data[i], 2)
      })
    }),
    { numRuns: 20 },
  )
})

test('behavior: the solver minimises the squared miss plus the weighted quality loss', async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const [keys, targets] = [normal(4, 12, seed), normal(4, 3, seed + 1)]
      const moment = identity(12, 0.3)
      const best = await layerEdit(matmul, targets, await layerSolver(matmul, keys, moment))
      const cost = (delta: Matrix) => {
        const miss = productTransposed(keys, delta).data.reduce((sum, x, i) => sum + (x - targets.data[i]) ** 2, 0)
        return miss + keys.rows * 0.3 * delta.data.reduce((sum, x) => sum + x * x, 0)
      }
      const nudge = normal(3, 12, seed + 2)
      const nudged = { ...best, data: best.data.map((x, i) => x + 0.05 * nudge.data[i]) }
      expect(cost(nudged)).toBeGreaterThan(cost(best))
    }),
    { numRuns: 20 },
  )
})
