import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batchOf } from './batch'
import { matchOf, orderCandidates, perinucleus } from './candidates'

const secretOf = (n: number) => new Uint8Array(32).fill(n)

test('default: the candidates follow the tokens that hold 0.8 of the chance', () => {
  const logits = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 4, maxLength: 60 })
  fc.assert(
    fc.property(logits, (values) => {
      const shown = Float32Array.from(values)
      const [first, second] = perinucleus(shown)
      const before = [...shown.keys()].filter(
        (v) => shown[v] > shown[first] || (shown[v] === shown[first] && v < first),
      )
      const mass = (tokens: number[]) => tokens.reduce((sum, v) => sum + Math.exp(shown[v]), 0)
      expect(before).not.toContain(second)
      expect(shown[first]).toBeGreaterThanOrEqual(shown[second])
      const reached = mass(before) / mass([...shown.keys()])
      if (before.length < shown.length - 2) expect(reached).toBeGreaterThan(0.8 - 1e-6)
    }),
  )
})

test('behavior: the greedy answer is never a candidate', () => {
  expect([...perinucleus(Float32Array.of(0, 9, 1, 2, 3))]).toEqual([4, 3])
})

test('behavior: the order hangs on secret and key, and is fair', () => {
  const keys = batchOf(Array.from({ length: 400 }, (_, i) => [i, 7]))
  const pair = Uint32Array.of(10, 20)
  const orders = (n: number) => Array.from({ length: 400 }, (_, i) => orderCandidates(secretOf(n), keys, i, pair)[0])
  expect(orders(1)).toEqual(orders(1))
  expect(orders(1)).not.toEqual(orders(2))
  const swapped = orders(1).filter((token) => token === 20).length
  expect(Math.abs(swapped - 200)).toBeLessThan(60)
})

test('behavior: a match is the symbol of its candidate', () => {
  const candidates = Uint32Array.of(5, 6, 7, 8)
  expect([matchOf(candidates, 0, 6), matchOf(candidates, 1, 7), matchOf(candidates, 1, 6)]).toEqual([1, 0, -1])
})
