import { expect, test } from 'vitest'
import { uint32 } from '../code/secrets'
import { gaussian, seededRandom } from './random'

const seed = (n: number) => new Uint8Array(16).fill(n)

test('default: equal seeds give equal draws, other seeds do not', () => {
  const draw = (n: number) => Array.from({ length: 8 }, seededRandom(seed(n)))
  expect(draw(7)).toEqual(draw(7))
  expect(draw(7)).not.toEqual(draw(8))
})

test('behavior: the generator is xoshiro128**', () => {
  const random = seededRandom(uint32(1, 2, 3, 4))
  const [high, low] = [11520, 0]
  expect(random()).toBe(((high >>> 5) * 67_108_864 + (low >>> 6)) / 9_007_199_254_740_992)
})

test('behavior: draws are uniform, and normal ones have mean 0 and variance 1', () => {
  const random = seededRandom(seed(1))
  const uniform = Array.from({ length: 20_000 }, random)
  expect(uniform.every((u) => u >= 0 && u < 1)).toBe(true)
  expect(mean(uniform)).toBeCloseTo(0.5, 1)
  const normal = Array.from({ length: 20_000 }, () => gaussian(random))
  expect(mean(normal)).toBeCloseTo(0, 1)
  expect(mean(normal.map((x) => x * x))).toBeCloseTo(1, 1)
})

const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length
