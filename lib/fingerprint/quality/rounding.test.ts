import { expect, test } from 'vitest'
import { roundedTo } from './rounding'

test('default: four bits give at most 15 values, with errors of at most half a step', () => {
  const values = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i) * (i < 32 ? 1 : 100))
  const rounded = roundedTo(4, new Map([['w', values]])).get('w') ?? []
  for (const [from, scale] of [
    [0, 1],
    [32, 100],
  ]) {
    const part = Array.from(rounded).slice(from, from + 32)
    expect(new Set(part.map((x) => x.toFixed(4))).size).toBeLessThanOrEqual(15)
    part.forEach((x, i) => {
      expect(Math.abs(x - values[from + i])).toBeLessThanOrEqual((0.5 / 7) * scale + 1e-6)
    })
  }
})

test('behavior: a group of zeros stays zero', () => {
  expect([...(roundedTo(8, new Map([['w', new Float32Array(32)]])).get('w') ?? [])]).toEqual(new Array(32).fill(0))
})
