import { expect, test } from 'vitest'
import { bitTable } from '../evidence/copy-scores'
import { bet, leading, logWealth, startWealth } from '../evidence/wealth'
import { gaussian, seededRandom } from '../stats/random'
import type { TieChannel } from './tie-channel'
import { leadTrusts, voteTrust } from './trust'

const [copies, keys] = [1000, 300]
const random = seededRandom(new Uint8Array(16).fill(43))
const bits = Array.from({ length: copies }, () => Int8Array.from({ length: keys }, () => (random() < 0.5 ? 1 : -1)))
const gaps = Float64Array.from({ length: keys }, () => 0.3 * Math.abs(gaussian(random)))
const channel: TieChannel = {
  differences: gaps.map((gap) => gap + 0.4 * gaussian(random)),
  shifts: Float64Array.from({ length: keys }, () => 0.5 + random()),
  noise: 0.3,
}
/** A model whose leads are the base’s, moved 1.5 nats apart by a merge that only the channel tells, and by a copy’s bits. */
const leadOf = (k: number, bit: number) => channel.differences[k] + bit * channel.shifts[k] + 0.3 * gaussian(random)

test('default: leads name their copy by fewer answers than votes, and innocents rarely reach much', () => {
  const table = bitTable(bits, keys)
  const [byVote, byLead] = [startWealth(table), startWealth(table)]
  const trustsOf = leadTrusts([channel], gaps)
  const most = new Float64Array(copies)
  const needed = { votes: 0, leads: 0 }
  for (let k = 0; k < keys; k++) {
    const lead = leadOf(k, bits[7][k])
    bet(byVote, k, [voteTrust(channel, k, Math.sign(lead))])
    bet(byLead, k, trustsOf(k, lead))
    if (leading(byVote).nats < 30) needed.votes = k
    if (leading(byLead).nats < 30) needed.leads = k
    for (let copy = 0; copy < copies; copy++) most[copy] = Math.max(most[copy], logWealth(byLead, copy))
  }
  expect(leading(byLead).copy).toBe(7)
  expect(needed.leads).toBeLessThan(needed.votes + 10)
  for (const nats of [2, 3, 4])
    expect(most.filter((x, copy) => copy !== 7 && x >= nats).length / copies).toBeLessThan(Math.exp(-nats) * 1.3)
})

test('behavior: a lead that is behind all the same speaks for the bit that moved it', () => {
  const trustsOf = leadTrusts([channel], gaps)
  for (let k = 1; k < 60; k++) trustsOf(k, channel.differences[k])
  const [up, down] = [1, -1].map((bit) => trustsOf(0, channel.differences[0] + bit * channel.shifts[0])[0])
  expect(up).toBeGreaterThan(0.5)
  expect(down).toBeLessThan(-0.5)
})

test('edge: a vote that a sure channel does not expect says nothing', () => {
  const sure: TieChannel = { ...channel, differences: gaps.map(() => 900), noise: 0.1 }
  expect(voteTrust(sure, 0, -1)).toBe(0)
  expect(voteTrust(sure, 0, 1)).toBe(0)
})

test('edge: no lead, no trust; no vote neither', () => {
  expect(leadTrusts([channel, channel], gaps)(0, Number.NaN)).toEqual([0, 0])
  expect(voteTrust(channel, 0, 0)).toBe(0)
})
