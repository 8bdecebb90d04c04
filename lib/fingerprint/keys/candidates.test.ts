import fc from 'fast-check'
import { expect, test } from 'vitest'
import { batchOf } from './batch'
import { matchOf, orderCandidates, perinucleus } from './candidates'

const secretOf = (n: number) => new Uint8Array(32).fill(n)

test('default: the candidates follow the tokens that hold 0.8 of the probability', () => {
  const anyLogits = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 6, maxLength: 60 })
  fc.assert(
    fc.property(anyLogits, (values) => {
      const logits = Float32Array.from(values)
      const [first, ...others] = perinucleus(logits)
      expect(others.length).toBe(3)
      const before = [...logits.keys()].filter(
        (v) => logits[v] > logits[first] || (logits[v] === logits[first] && v < first),
      )
      const mass = (tokens: number[]) => tokens.reduce((sum, v) => sum + Math.exp(logits[v]), 0)
      for (const other of others) {
        expect(before).not.toContain(other)
        expect(logits[first]).toBeGreaterThanOrEqual(logits[other])
      }
      const share = mass(before) / mass([...logits.keys()])
      if (before.length < logits.length - 4) expect(share).toBeGreaterThan(0.8 - 1e-6)
    }),
  )
})

test('behavior: the greedy answer is never a candidate', () => {
  expect([...perinucleus(Float32Array.of(0, 9, 1, 2, 3))]).toEqual([4, 3, 2, 0])
})

test('behavior: the order depends on secret and key, and is uniform', () => {
  const keys = batchOf(Array.from({ length: 400 }, (_, i) => [i, 7]))
  const four = Uint32Array.of(10, 20, 30, 40)
  const orders = (n: number) => Array.from({ length: 400 }, (_, i) => orderCandidates(secretOf(n), keys, i, four))
  expect(orders(1)).toEqual(orders(1))
  expect(orders(1)).not.toEqual(orders(2))
  for (const place of [0, 1, 2, 3])
    for (const token of four) {
      const count = orders(1).filter((order) => order[place] === token).length
      expect(Math.abs(count - 100)).toBeLessThan(45)
    }
  for (const order of orders(1)) expect([...order].sort()).toEqual([...four])
})

test('behavior: a match is the symbol of the candidate', () => {
  const candidates = Uint32Array.of(5, 6, 7, 8, 1, 2, 3, 4)
  expect([matchOf(candidates, 0, 6), matchOf(candidates, 1, 3), matchOf(candidates, 1, 6)]).toEqual([1, 2, -1])
})
