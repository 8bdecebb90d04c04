import { expect, test } from 'vitest'
import { bitTable } from '../evidence/copy-scores'
import { gaussian, seededRandom } from '../stats/random'
import { evidenceAlone } from './coalitions'
import { copyBits } from './copy-bits'
import { judgeAnswers } from './judge-answers'
import { logOddsResiduals } from './log-odds-residuals'
import type { TieChannel } from './tie-channel'
import { voteLikelihoods } from './vote-likelihoods'

const keys = 1024
const random = seededRandom(new Uint8Array(16).fill(12))
const channel: TieChannel = {
  differences: Float64Array.from({ length: keys }, () => 0.2 * gaussian(random)),
  shifts: Float64Array.from({ length: keys }, () => 0.6 + 0.4 * random()),
  noise: 0.3,
}
const secret = new Uint8Array(32).fill(1)
const copies = Array.from({ length: 1000 }, (_, i) => copyBits(secret, `${i}`, secret, keys))
const table = bitTable(copies, keys)

/** Votes of a model that averages its members’ weights, with noise; five in a hundred keys have neither answer. */
function votesOf(members: readonly number[], noise = channel.noise): Int8Array {
  return Int8Array.from(channel.differences, (difference, k) => {
    if (random() < 0.05) return 0
    const lean = members.reduce((sum, copy) => sum + copies[copy][k] / members.length, 0)
    return difference + channel.shifts[k] * lean + noise * gaussian(random) > 0 ? 1 : -1
  })
}

const named = (votes: Int8Array) =>
  judgeAnswers([channel], { votes: votes, residuals: null }, table, 1e-9).accused.map(({ copy }) => copy)

test('default: one copy, both of two and all of three that average', () => {
  for (const members of [[3], [3, 14], [3, 14, 15]]) expect(named(votesOf(members)).sort()).toEqual([...members].sort())
})

test('default: some of five that average, and nobody else', () => {
  const members = [3, 14, 15, 92, 65]
  const accused = named(votesOf(members))
  expect(accused.length).toBeGreaterThan(0)
  expect(accused.every((copy) => members.includes(copy))).toBe(true)
})

test('behavior: some of five who answer what the fewest of them would', () => {
  const members = [3, 14, 15, 92, 65]
  const votes = Int8Array.from({ length: keys }, (_, k) => {
    const sum = members.reduce((total, copy) => total + copies[copy][k], 0)
    return Math.abs(sum) === members.length ? Math.sign(sum) : -Math.sign(sum)
  })
  const accused = named(votes)
  expect(accused.length).toBeGreaterThan(0)
  expect(accused.every((copy) => members.includes(copy))).toBe(true)
})

test('behavior: nobody for a model without bits, however it leans', () => {
  for (let n = 0; n < 8; n++) expect(named(votesOf([], n / 4))).toEqual([])
  expect(named(new Int8Array(keys).fill(1))).toEqual([])
  expect(named(new Int8Array(keys))).toEqual([])
})

test('behavior: evidence against innocents beside colluders is as rare as it says', () => {
  const nats = Array.from(
    { length: 10 },
    () => judgeAnswers([channel], { votes: votesOf([1, 2, 3]), residuals: null }, table, 1e-9).nats,
  )
  const innocents = nats.flatMap((each) => [...each.slice(4)])
  for (const at of [2, 4, 6])
    expect(innocents.filter((x) => x >= at).length / innocents.length).toBeLessThan(Math.exp(-at) * 1.3)
})

test('behavior: some of five who let one of them, chosen at random, answer', () => {
  const members = [3, 14, 15, 92, 65]
  const votes = Int8Array.from({ length: keys }, (_, k) => copies[members[Math.floor(5 * random())]][k])
  const accused = named(votes)
  expect(accused.length).toBeGreaterThan(0)
  expect(accused.every((copy) => members.includes(copy))).toBe(true)
})

test('behavior: three who average and merge with a model that leans otherwise are named by whoever knows how it leans', () => {
  const members = [3, 14, 15]
  const random = seededRandom(new Uint8Array(16).fill(30))
  const merged: TieChannel = {
    differences: channel.differences.map((difference) => difference + gaussian(random)),
    shifts: channel.shifts.map((shift) => shift / 2),
    noise: channel.noise,
  }
  const votes = Int8Array.from(merged.differences, (difference, k) => {
    const lean = members.reduce((sum, copy) => sum + copies[copy][k] / members.length, 0)
    return difference + merged.shifts[k] * lean + 0.2 * gaussian(random) > 0 ? 1 : -1
  })
  const [unaware, aware] = [[channel], [channel, merged]].map((channels) =>
    judgeAnswers(channels, { votes: votes, residuals: null }, table, 1e-9),
  )
  const evidence = (nats: Float64Array) => members.reduce((sum, copy) => sum + nats[copy], 0)
  expect(evidence(aware.nats)).toBeGreaterThan(2 * evidence(unaware.nats))
  expect(aware.accused.length).toBeGreaterThan(0)
  expect(aware.accused.every(({ copy }) => members.includes(copy))).toBe(true)
})

/** Log odds of a model that averages its members’ weights, with noise. */
const logOddsOf = (members: readonly number[], noise: number, from = channel.differences) =>
  from.map((difference, k) => {
    const lean = members.reduce((sum, copy) => sum + copies[copy][k] / members.length, 0)
    return difference + channel.shifts[k] * lean + noise * gaussian(random)
  })
const votesIn = (logOdds: Float64Array) => Int8Array.from(logOdds, Math.sign)
const residualsIn = (logOdds: Float64Array) => logOddsResiduals([channel], channel.differences, logOdds)
const judged = (votes: Int8Array, residuals: Float64Array | null) =>
  judgeAnswers([channel], { votes, residuals }, table, 1e-9)

test('default: log odds name all of five that average, of whom votes name fewer', () => {
  const members = [3, 14, 15, 92, 65]
  const logOdds = logOddsOf(members, 0.15)
  const [byVotes, byLogOdds] = [null, residualsIn(logOdds)].map((residuals) => judged(votesIn(logOdds), residuals))
  expect(byLogOdds.accused.map(({ copy }) => copy).sort((a, b) => a - b)).toEqual([3, 14, 15, 65, 92])
  for (const copy of members) expect(byLogOdds.nats[copy]).toBeGreaterThan(2 * byVotes.nats[copy])
})

test('behavior: log odds name whom a model merges in that decides every answer', () => {
  const other = channel.differences.map(() => 9 * gaussian(random))
  const logOdds = logOddsOf([3, 14], 0.2, other)
  const residuals = logOddsResiduals([channel, { ...channel, differences: other }], channel.differences, logOdds)
  expect(judged(votesIn(logOdds), null).accused).toEqual([])
  expect(
    judged(votesIn(logOdds), residuals)
      .accused.map(({ copy }) => copy)
      .sort((a, b) => a - b),
  ).toEqual([3, 14])
})

test('behavior: a model that lies in its log odds or in its votes is named by the other, for ln 2', () => {
  const logOdds = logOddsOf([3], 0.3)
  const lies = residualsIn(Float64Array.from(logOdds, () => gaussian(random)))
  const honest = judged(votesIn(logOdds), null).nats[3]
  expect(judged(votesIn(logOdds), lies).nats[3]).toBeCloseTo(honest - Math.LN2, 9)
  const answers = judged(new Int8Array(keys).fill(1), residualsIn(logOdds))
  expect(answers.accused.map(({ copy }) => copy)).toEqual([3])
})

test('behavior: evidence of log odds against innocents is as rare as it says, beside colluders and where no copy has a part', () => {
  const nats = [[1, 2, 3], []].flatMap((members) =>
    [0.15, 0.6].map((noise) => {
      const logOdds = logOddsOf(members, noise)
      return judged(votesIn(logOdds), residualsIn(logOdds)).nats
    }),
  )
  const innocents = nats.flatMap((each) => [...each.slice(4)])
  for (const at of [2, 4, 6])
    expect(innocents.filter((x) => x >= at).length / innocents.length).toBeLessThan(Math.exp(-at) * 1.3)
})

test('edge: log odds that say nothing accuse nobody', () => {
  for (const residuals of [
    new Float64Array(keys),
    new Float64Array(keys).fill(Number.NaN),
    new Float64Array(keys).fill(5),
  ])
    expect(judged(new Int8Array(keys), residuals).accused).toEqual([])
})

test('behavior: each channel costs its part of the rate', () => {
  const votes = votesOf([3])
  const [one, two] = [[channel], [channel, channel]].map(
    (channels) => judgeAnswers(channels, { votes: votes, residuals: null }, table, 1e-9).nats,
  )
  expect(two[3]).toBeCloseTo(one[3] - Math.LN2, 9)
})

test('behavior: a vote against the leaning says more than one with it', () => {
  const sure = { ...channel, differences: channel.differences.map(() => 0.5) }
  const [against, along] = [-1, 1].map((vote) =>
    evidenceAlone(voteLikelihoods(sure, new Int8Array(keys).fill(vote)), 'averaged', 1),
  )
  expect(Math.max(...against)).toBeLessThan(0)
  expect(against.every((evidence, k) => -evidence > along[k])).toBe(true)
})

test('behavior: one of three hundred thousand copies', () => {
  const few = 128
  const bits = Int8Array.from({ length: 300_000 * few }, () => (random() < 0.5 ? 1 : -1))
  const many = { bits, copies: 300_000, keys: few }
  const sure: TieChannel = { differences: new Float64Array(few), shifts: new Float64Array(few).fill(1), noise: 0.3 }
  const votes = bits.slice(7 * few, 8 * few)
  expect(judgeAnswers([sure], { votes: votes, residuals: null }, many, 1e-9).accused.map(({ copy }) => copy)).toEqual([
    7,
  ])
})
