import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Rope } from '../../weights/config/rope'
import { ropeTables } from './rope-tables'

const rope: Rope = { theta: 10_000, dim: 4, original: 512, extension: 1, scaling: { rope_type: 'default' } }

test('default: rows are positions, columns are pairs', () => {
  const { cos, sin } = ropeTables(rope, [0, 3], 4)
  expect([...cos]).toEqual([1, 1, Math.fround(Math.cos(3)), Math.fround(Math.cos(0.03))])
  expect([...sin]).toEqual([0, 0, Math.fround(Math.sin(3)), Math.fround(Math.sin(0.03))])
})

test('property: cos² + sin² is the square of the gain, also for large angles', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 20 }),
      fc.double({ min: 0.5, max: 2, noNaN: true }),
      (position, gain) => {
        const { cos, sin } = ropeTables(rope, [position], position + 1, gain)
        for (const [i, c] of cos.entries()) expect(c * c + sin[i] * sin[i]).toBeCloseTo(gain * gain, 5)
      },
    ),
  )
})
