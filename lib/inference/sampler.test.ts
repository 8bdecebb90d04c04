import { expect, test } from 'vitest'
import { sampler } from './sampler'

const logits = Float32Array.from([0, Math.log(2), Math.log(5)])
const draws = (temperature: number, seed: number, count: number, topP?: number) => {
  const pick = sampler({ temperature, seed, topP })
  return Array.from({ length: count }, () => pick(logits))
}

test('default: tokens are drawn with their probabilities', () => {
  const drawn = draws(1, 1, 8000)
  const share = (token: number) => drawn.filter((each) => each === token).length / drawn.length
  expect([share(0), share(1), share(2)].map((part) => Math.round(part * 40) / 40)).toEqual([0.125, 0.25, 0.625])
})

test('behavior: the same seed draws the same tokens, another seed different ones', () => {
  expect(draws(1, 7, 50)).toEqual(draws(1, 7, 50))
  expect(draws(1, 7, 50)).not.toEqual(draws(1, 8, 50))
})

test('behavior: temperature 0 and a small one choose the most probable token, a large one any', () => {
  expect(new Set(draws(0, 1, 50))).toEqual(new Set([2]))
  expect(new Set(draws(0.01, 1, 50))).toEqual(new Set([2]))
  expect(new Set(draws(100, 1, 50))).toEqual(new Set([0, 1, 2]))
})

test('behavior: top-p draws only from the most probable tokens that reach it, in their proportion', () => {
  expect(new Set(draws(1, 1, 500, 0.6))).toEqual(new Set([2]))
  const drawn = draws(1, 1, 8000, 0.63)
  expect(new Set(drawn)).toEqual(new Set([1, 2]))
  expect(drawn.filter((token) => token === 2).length / drawn.length).toBeCloseTo(5 / 7, 1)
  expect(new Set(draws(1, 1, 500, 0.9))).toEqual(new Set([0, 1, 2]))
  expect(draws(1, 3, 500, 1)).toEqual(draws(1, 3, 500))
  expect(new Set(draws(1, 1, 500, 1e-9))).toEqual(new Set([2]))
})
