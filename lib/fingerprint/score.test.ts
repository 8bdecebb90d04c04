import { expect, test } from 'vitest'
import { codeBiases, codewordOf } from './code'
import { seededRandom } from './random'
import { falseAccusationBound, tardosScore } from './score'

const secret = new Uint8Array(32).fill(3)
const biases = codeBiases(secret, 112, 0.2)
const copies = Array.from({ length: 200 }, (_, i) => codewordOf(secret, biases, `${i + 1}`, new Uint8Array(32).fill(i)))
const bound = (answered: Int8Array, codeword: Uint8Array) =>
  falseAccusationBound(tardosScore(answered, codeword, biases), answered, biases)

test('default: biases keep their cutoff and codewords follow them', () => {
  expect(biases.every((p) => p >= 0.2 && p <= 0.8)).toBe(true)
  const ones = copies.reduce((sum, codeword) => sum + codeword[0], 0) / copies.length
  expect(Math.abs(ones - biases[0])).toBeLessThan(0.15)
})

test('behavior: a codeword needs both the secret and the seed', () => {
  expect(codewordOf(secret, biases, '1', new Uint8Array(32))).toEqual(copies[0])
  expect(codewordOf(secret, biases, '1', new Uint8Array(32).fill(1))).not.toEqual(copies[0])
  expect(codewordOf(new Uint8Array(32), biases, '1', new Uint8Array(32))).not.toEqual(copies[0])
})

test('behavior: a leaked copy clears 1e-20 and no other passes 1e-6', () => {
  for (let i = 0; i < 10; i++) {
    const answered = Int8Array.from(copies[i])
    expect(bound(answered, copies[i])).toBeLessThan(1e-20)
    copies.forEach((codeword, j) => {
      if (j !== i) expect(bound(answered, codeword)).toBeGreaterThan(1e-6)
    })
  }
})

test('behavior: a third of the answers erased still names the copy', () => {
  const random = seededRandom(new Uint8Array(16).fill(5))
  const answered = Int8Array.from(copies[4], (symbol) => (random() < 1 / 3 ? -1 : symbol))
  expect(bound(answered, copies[4])).toBeLessThan(1e-12)
})

test('behavior: no answers accuse nobody', () => {
  expect(bound(new Int8Array(112).fill(-1), copies[0])).toBe(1)
})

test('behavior: the bound holds against simulated innocents', () => {
  const answered = Int8Array.from(copies[0])
  const scores = copies.slice(1).map((codeword) => tardosScore(answered, codeword, biases))
  for (const threshold of [5, 10, 15, 20]) {
    const seen = scores.filter((score) => score >= threshold).length / scores.length
    expect(seen).toBeLessThanOrEqual(falseAccusationBound(threshold, answered, biases) + 0.05)
  }
})
