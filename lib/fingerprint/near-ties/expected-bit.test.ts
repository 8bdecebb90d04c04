import { expect, test } from 'vitest'
import { bitTable } from '../evidence/copy-scores'
import { bet, leading, logWealth, startWealth } from '../evidence/wealth'
import { gaussian, seededRandom } from '../stats/random'
import { bettorsOf, expectedBitByVote } from './expected-bit'
import type { TieChannel } from './tie-channel'

const [copies, keys] = [1000, 300]
const random = seededRandom(new Uint8Array(16).fill(43))
const bits = Array.from({ length: copies }, () => Int8Array.from({ length: keys }, () => (random() < 0.5 ? 1 : -1)))
const gaps = Float64Array.from({ length: keys }, () => 0.3 * Math.abs(gaussian(random)))
const channel: TieChannel = {
  differences: gaps.map((gap) => gap + 1.5 * gaussian(random)),
  shifts: Float64Array.from({ length: keys }, () => 0.5 + random()),
  noise: 0.3,
}
/** Log odds of a copy that was merged with another model, which moves them by 1.5 nats; the channel knows that model. */
const logOddsOf = (k: number, bit: number) => channel.differences[k] + bit * channel.shifts[k] + 0.3 * gaussian(random)

/** The bit that one channel’s log odds let expect. */
const byLogOdds = () => {
  const { expectedBits } = bettorsOf([channel], gaps, true)
  return (k: number, logOdds: number) => expectedBits(k, 0, logOdds)[1]
}

test('default: log odds name their copy by half as many answers as votes, and innocents rarely reach much', () => {
  const table = bitTable(bits, keys)
  const [byVotes, wealth] = [startWealth(table), startWealth(table)]
  const expected = byLogOdds()
  const most = new Float64Array(copies)
  const needed = { votes: keys, logOdds: keys }
  for (let k = 0; k < keys; k++) {
    const logOdds = logOddsOf(k, bits[7][k])
    bet(byVotes, k, [expectedBitByVote(channel, k, Math.sign(logOdds))])
    bet(wealth, k, [expected(k, logOdds)])
    if (leading(byVotes).nats >= 30) needed.votes = Math.min(needed.votes, k)
    if (leading(wealth).nats >= 30) needed.logOdds = Math.min(needed.logOdds, k)
    for (let copy = 0; copy < copies; copy++) most[copy] = Math.max(most[copy], logWealth(wealth, copy))
  }
  expect(leading(wealth).copy).toBe(7)
  expect(needed.logOdds).toBeLessThan(needed.votes / 2)
  for (const nats of [2, 3, 4])
    expect(most.filter((x, copy) => copy !== 7 && x >= nats).length / copies).toBeLessThan(Math.exp(-nats) * 1.3)
})

test('behavior: log odds that a bit has moved down speak for it, though the first answer is still ahead', () => {
  const expected = byLogOdds()
  for (let k = 1; k < 60; k++) expected(k, channel.differences[k])
  const [up, down] = [1, -1].map((bit) => expected(0, channel.differences[0] + bit * channel.shifts[0]))
  expect(up).toBeGreaterThan(0.5)
  expect(down).toBeLessThan(-0.5)
})

test('edge: a vote that a sure channel rules out says nothing', () => {
  const sure: TieChannel = { ...channel, differences: gaps.map(() => 900), noise: 0.1 }
  expect(expectedBitByVote(sure, 0, -1)).toBe(0)
  expect(expectedBitByVote(sure, 0, 1)).toBe(0)
})

test('edge: neither a vote nor log odds let expect any bit; without log odds there is one bettor a channel', () => {
  const { count, expectedBits } = bettorsOf([channel, channel], gaps, true)
  expect(expectedBits(0, 0, Number.NaN)).toEqual(new Array(count).fill(0))
  expect(bettorsOf([channel, channel], gaps, false)).toMatchObject({ count: 2 })
  expect(bettorsOf([channel, channel], gaps, false).expectedBits(0, 0, 3)).toEqual([0, 0])
})
