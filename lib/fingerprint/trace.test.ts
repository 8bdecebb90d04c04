import { expect, test } from 'vitest'
import { codeBiases, codewordOf } from './code/code'
import { seededRandom } from './stats/random'
import { trace } from './trace'

const secret = new Uint8Array(32).fill(3)
const code = codeBiases(secret, 112, 0.12)
const copies = Array.from({ length: 200 }, (_, i) => codewordOf(secret, code, `${i + 1}`, new Uint8Array(32).fill(i)))
const random = seededRandom(new Uint8Array(16).fill(5))
const tracedCopies = (answered: Int8Array) => trace(answered, code, copies, 1e-9)
/** Per key, the symbol of a random member. */
const mixed = (members: readonly number[]) =>
  Int8Array.from(copies[0], (_, key) => copies[members[Math.floor(random() * members.length)]][key])

test('default: a leaked copy is named, and no other', () => {
  for (let i = 0; i < 5; i++) {
    const accused = tracedCopies(Int8Array.from(copies[i]))
    expect(accused.map(({ copy }) => copy)).toEqual([i])
    expect(accused[0].falseAccusation).toBeLessThan(1e-35)
  }
})

test('behavior: half of the answers erased still names the copy', () => {
  const answered = Int8Array.from(copies[4], (symbol) => (random() < 1 / 2 ? -1 : symbol))
  expect(tracedCopies(answered).map(({ copy }) => copy)).toEqual([4])
})

test('behavior: of two and of three colluders at least one is named, and no innocent', () => {
  for (const members of [
    [3, 9],
    [20, 21],
    [5, 60, 110],
  ]) {
    const accused = tracedCopies(mixed(members)).map(({ copy }) => copy)
    expect(accused.length).toBeGreaterThan(0)
    expect(members).toEqual(expect.arrayContaining(accused))
  }
})

test('behavior: no answers, and those of an unknown copy, tracedCopies no copy', () => {
  expect(tracedCopies(new Int8Array(112).fill(-1))).toEqual([])
  expect(tracedCopies(Int8Array.from(codewordOf(secret, code, 'unknown', new Uint8Array(32))))).toEqual([])
  expect(trace(Int8Array.from(copies[0]), code, [], 1e-9)).toEqual([])
})

test('behavior: at a rate of 1 in 20, answers of unknown copies tracedCopies a copy at most that often', () => {
  let accused = 0
  for (let i = 0; i < 200; i++) {
    const unknown = Int8Array.from(codewordOf(secret, code, `unknown ${i}`, new Uint8Array(32)))
    if (trace(unknown, code, copies.slice(0, 20), 0.05).length > 0) accused++
  }
  expect(accused).toBeLessThanOrEqual(20)
})

test('behavior: the rate also holds beside real colluders, where few keys are answered', () => {
  let [wrong, right] = [0, 0]
  for (let i = 0; i < 200; i++) {
    const answered = mixed([3 * (i % 6), 3 * (i % 6) + 1, 3 * (i % 6) + 2]).map((symbol, key) =>
      key < 24 ? symbol : -1,
    )
    const accused = trace(answered, code, copies.slice(0, 20), 0.2).map(({ copy }) => Math.floor(copy / 3))
    if (accused.some((group) => group !== i % 6)) wrong++
    if (accused.includes(i % 6)) right++
  }
  expect(wrong).toBeLessThanOrEqual(40)
  expect(right).toBeGreaterThan(20)
})
