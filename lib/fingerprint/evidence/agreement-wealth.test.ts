import { expect, test } from 'vitest'
import { seededRandom } from '../stats/random'
import { bet, keysNeeded, logWealth, startWealth } from './agreement-wealth'

const random = seededRandom(new Uint8Array(16).fill(3))

/** The most that an observer who stops whenever it suits sees in `keys` answers that agree with chance `share`. */
function best(share: number, keys: number): number {
  const wealth = startWealth()
  let most = 0
  for (let i = 0; i < keys; i++) {
    bet(wealth, random() < share ? 1 : -1, 0.5 + random() / 2)
    most = Math.max(most, logWealth(wealth))
  }
  return most
}

test('behavior: innocents rarely reach much, however often one looks', () => {
  const reached = Array.from({ length: 3000 }, () => best(0.5, 300))
  for (const nats of [2, 3, 4])
    expect(reached.filter((most) => most >= nats).length / reached.length).toBeLessThan(Math.exp(-nats) * 1.3)
})

test('default: a copy that agrees at four keys of five is certain after a hundred or two', () => {
  expect(Array.from({ length: 50 }, () => best(0.8, 250)).filter((most) => most > 25).length).toBeGreaterThan(45)
})

test('behavior: keys needed fall to 0, and are unknown without evidence', () => {
  const wealth = startWealth()
  expect(keysNeeded(wealth, 0, 0, 20)).toBeNull()
  for (let i = 0; i < 20; i++) bet(wealth, 1, 1)
  const needed = keysNeeded(wealth, 20, 20, 30)
  expect(needed).toBeGreaterThan(20)
  expect(keysNeeded(wealth, 20, 20, 5)).toBe(0)
})

test('behavior: refusals say nothing', () => {
  const wealth = startWealth()
  bet(wealth, 0, 1)
  expect(logWealth(wealth)).toBeCloseTo(0, 12)
})
