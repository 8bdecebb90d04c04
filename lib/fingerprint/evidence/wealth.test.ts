import { expect, test } from 'vitest'
import { seededRandom } from '../stats/random'
import { bitTable } from './copy-scores'
import { bet, keysNeeded, leading, logWealth, mostAtStake, startWealth } from './wealth'

const random = seededRandom(new Uint8Array(16).fill(3))
const table = (copies: number, keys: number) =>
  bitTable(
    Array.from({ length: copies }, () => Int8Array.from({ length: keys }, () => (random() < 0.5 ? 1 : -1))),
    keys,
  )

test('behavior: innocents rarely reach much, however often one looks', () => {
  const [copies, keys] = [2000, 200]
  const wealth = startWealth(table(copies, keys))
  const most = new Float64Array(copies)
  for (let key = 0; key < keys; key++) {
    bet(wealth, key, [(random() < 0.8 ? 1 : -1) * (0.3 + 0.7 * random())])
    for (let copy = 0; copy < copies; copy++) most[copy] = Math.max(most[copy], logWealth(wealth, copy))
  }
  for (const nats of [2, 3, 4])
    expect(most.filter((x) => x >= nats).length / copies).toBeLessThan(Math.exp(-nats) * 1.3)
})

test('default: the copy that answers leads, and is certain after some fifty keys', () => {
  const [copies, keys] = [1000, 300]
  const bits = table(copies, keys)
  const wealth = startWealth(bits)
  const goal = Math.log(copies / 1e-9)
  while (leading(wealth).nats < goal && wealth.asked < keys) {
    const bit = bits.bits[7 * keys + wealth.asked]
    bet(wealth, wealth.asked, [0.95 * (random() < 0.97 ? bit : -bit)])
    if (wealth.asked === 20) expect(keysNeeded(wealth, goal)).toBeGreaterThan(10)
  }
  expect(leading(wealth).copy).toBe(7)
  expect(wealth.asked).toBeLessThan(80)
  expect(keysNeeded(wealth, goal)).toBe(0)
})

test('behavior: of two bettors either may bet, innocents rarely reach much, and the useless one costs ln 2', () => {
  const [copies, keys] = [2000, 200]
  const bits = table(copies, keys)
  const [both, one] = [startWealth(bits, 2), startWealth(bits)]
  const most = new Float64Array(copies)
  for (let key = 0; key < keys; key++) {
    const vote = random() < 0.9 ? bits.bits[7 * keys + key] : -bits.bits[7 * keys + key]
    bet(both, key, [0, 0.8 * vote])
    bet(one, key, [0.8 * vote])
    for (let copy = 0; copy < copies; copy++) most[copy] = Math.max(most[copy], logWealth(both, copy))
  }
  expect(leading(both).copy).toBe(7)
  expect(leading(both).nats).toBeCloseTo(leading(one).nats - Math.LN2, 6)
  expect(mostAtStake(both, 0.4)).toBeCloseTo(mostAtStake(one, 0.4), 9)
  for (const nats of [2, 3, 4])
    expect(most.filter((x, copy) => copy !== 7 && x >= nats).length / copies).toBeLessThan(Math.exp(-nats) * 1.3)
})

test('behavior: refusals say nothing', () => {
  const wealth = startWealth(table(3, 1))
  bet(wealth, 0, [0])
  expect(leading(wealth).nats).toBeCloseTo(0, 12)
  expect(keysNeeded(wealth, 20)).toBeNull()
})
