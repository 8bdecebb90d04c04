import { expect, test } from 'vitest'
import { codeBiases, codewordOf } from './code/code'
import { seededRandom } from './stats/random'
import { trace } from './trace'

const secret = new Uint8Array(32).fill(3)
const code = codeBiases(secret, 112, 0.12)
const copies = Array.from({ length: 200 }, (_, i) => codewordOf(secret, code, `${i + 1}`, new Uint8Array(32).fill(i)))
const random = seededRandom(new Uint8Array(16).fill(5))
const named = (answered: Int8Array) => trace(answered, code, copies, 1e-9)
/** At each key the answer of one member at random. */
const mixed = (members: readonly number[]) =>
  Int8Array.from(copies[0], (_, key) => copies[members[Math.floor(random() * members.length)]][key])

test('default: biases keep their cutoff, add up, and codewords follow them', () => {
  const { chances, symbols } = code
  expect(symbols).toBe(4)
  expect(chances.every((p) => p >= 0.12 - 1e-12 && p <= 0.64 + 1e-12)).toBe(true)
  for (let key = 0; key < 112; key++)
    expect(chances.subarray(4 * key, 4 * key + 4).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  for (const symbol of [0, 1, 2, 3]) {
    const seen = copies.reduce((sum, codeword) => sum + codeword.filter((s) => s === symbol).length, 0)
    const awaited = chances.reduce((sum, p, i) => sum + (i % 4 === symbol ? p : 0), 0) * copies.length
    expect(Math.abs(seen - awaited)).toBeLessThan(5 * Math.sqrt(awaited))
  }
})

test('behavior: a codeword needs both the secret and the seed', () => {
  expect(codewordOf(secret, code, '1', new Uint8Array(32))).toEqual(copies[0])
  expect(codewordOf(secret, code, '1', new Uint8Array(32).fill(1))).not.toEqual(copies[0])
  expect(codewordOf(new Uint8Array(32), code, '1', new Uint8Array(32))).not.toEqual(copies[0])
})

test('default: a leaked copy is named, and nobody else', () => {
  for (let i = 0; i < 5; i++) {
    const accused = named(Int8Array.from(copies[i]))
    expect(accused.map(({ copy }) => copy)).toEqual([i])
    expect(accused[0].falseAccusation).toBeLessThan(1e-35)
  }
})

test('behavior: half of the answers erased still names the copy', () => {
  const answered = Int8Array.from(copies[4], (symbol) => (random() < 1 / 2 ? -1 : symbol))
  expect(named(answered).map(({ copy }) => copy)).toEqual([4])
})

test('behavior: of two and of three colluders at least one is named, and no innocent', () => {
  for (const members of [
    [3, 9],
    [20, 21],
    [5, 60, 110],
  ]) {
    const accused = named(mixed(members)).map(({ copy }) => copy)
    expect(accused.length).toBeGreaterThan(0)
    expect(members).toEqual(expect.arrayContaining(accused))
  }
})

test('behavior: no answers, or those of a stranger, accuse nobody', () => {
  expect(named(new Int8Array(112).fill(-1))).toEqual([])
  expect(named(Int8Array.from(codewordOf(secret, code, 'stranger', new Uint8Array(32))))).toEqual([])
  expect(trace(Int8Array.from(copies[0]), code, [], 1e-9)).toEqual([])
})

test('behavior: the rate is kept: strangers at 1 in 20 accuse somebody no more often than that', () => {
  let accused = 0
  for (let i = 0; i < 200; i++) {
    const stranger = Int8Array.from(codewordOf(secret, code, `stranger ${i}`, new Uint8Array(32)))
    if (trace(stranger, code, copies.slice(0, 20), 0.05).length > 0) accused++
  }
  expect(accused).toBeLessThanOrEqual(20)
})

test('behavior: the rate is kept beside real colluders, too, where few keys are answered', () => {
  let [runs, caught] = [0, 0]
  for (let i = 0; i < 200; i++) {
    const answered = mixed([3 * (i % 6), 3 * (i % 6) + 1, 3 * (i % 6) + 2]).map((symbol, key) =>
      key < 24 ? symbol : -1,
    )
    const accused = trace(answered, code, copies.slice(0, 20), 0.2).map(({ copy }) => Math.floor(copy / 3))
    if (accused.some((group) => group !== i % 6)) runs++
    if (accused.includes(i % 6)) caught++
  }
  expect(runs).toBeLessThanOrEqual(40)
  expect(caught).toBeGreaterThan(20)
})
