import { parseArgs } from 'node:util'
import { parameters } from '../lib/deploy/parameters'
import { seededRandom } from '../lib/fingerprint/stats/random'
import { roundedPercent } from '../lib/format/odds'
import * as opponents from './economy/opponents'
import { type Economy, type Outcome, simulate } from './economy/simulate'

/**
 * The effects of the deployment’s parameters: `npm run bench:economy [-- --json]`. Players choose their best reply to the rules,
 * while the money at stake grows. Then ten thousand hosts are simulated over 90 days: which cheats are detected and when,
 * and who earns what. Exits with 1 if an attack pays.
 */

const { values: options } = parseArgs({ options: { json: { type: 'boolean' } } })

const usdc = (amount: bigint) => Number(amount) / 1e6
const inDays = (seconds: bigint) => Number(seconds) / 86_400
const bps = (share: bigint) => Number(share) / 10_000

const windows = {
  epoch: 1,
  grace: inDays(parameters.reportGrace),
  answer: inDays(parameters.answerWindow),
  case: inDays(parameters.caseWindow),
  thaw: 1 + inDays(parameters.reportGrace + parameters.answerWindow + parameters.caseWindow + parameters.thawBuffer),
}
const bounty = { share: bps(parameters.bountyBps), cap: usdc(parameters.bountyCap) }

/** Questions until a copy of `tiny` that nobody has attacked is named among 10,000 (docs/attacks.md). */
const keysPerCase = 58

const cuts = {
  protocol: bps(parameters.protocolCutBps),
  prover: bps(parameters.proverCutBps),
  minter: bps(parameters.minterCutBps),
}

const base: Economy = {
  hosts: 10_000,
  days: 90,
  hiding: 0.05,
  hidden: 0.5,
  leaking: 0.01,
  probes: 0.1,
  provers: 50,
  probeCost: 0.002,
  noticed: 0.05,
  keysPerCase,
  answers: 2000,
  spread: 1.2,
  price: 25,
  fee: 0.001,
  collateral: 50,
  cuts,
  windows,
  bounty,
  feeFactor: 10,
  coverageFee: usdc(parameters.coverageFee),
}

const run = (changes: Partial<Economy>): Outcome =>
  simulate({ ...base, ...changes }, seededRandom(new Uint8Array(16).fill(7)))

function quantile(values: readonly number[], at: number): string {
  if (values.length === 0) return '–'
  return String(values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(at * values.length))])
}

const cents = (amount: number) => amount.toLocaleString('en-US', { maximumFractionDigits: 2 })
const dollars = (amount: number) => Math.round(amount).toLocaleString('en-US')
const line = (...cells: (string | number)[]) => !options.json && console.log(`| ${cells.join(' | ')} |`)

function table(title: string, ...heads: string[]): void {
  if (!options.json) console.log(`\n${title}\n`)
  line(...heads)
  line(...heads.map(() => '---'))
}

const started = performance.now()

const rules: opponents.Rules = {
  proverStake: usdc(parameters.proverStake),
  proverPenalty: usdc(parameters.proverPenalty),
  coverageFee: usdc(parameters.coverageFee),
  challengeBond: usdc(parameters.challengeBond),
  caseBond: (amount) => Math.max(usdc(parameters.caseBond), amount / 200),
  recordFee: (bond) => bond / 50,
  bounty,
  minterBond: usdc(parameters.minterBond),
  cuts,
  minSeats: 7,
  maxSeats: 63,
  feeFactor: base.feeFactor,
  exposedDays: windows.thaw,
  provableDays: windows.epoch + windows.grace,
}
const world: Omit<opponents.World, 'provers'> = {
  question: { price: 0.002, cost: 0.001 },
  questionsPerCase: 1000,
  gas: 0.01,
  interest: 0.1,
  frozenDays: windows.answer + 2 * windows.case,
}
const electorates = [20, 100, 1000]
const shares = [0.1, 0.2, 0.33, 0.4, 0.49]
/** A host’s collateral, in days of the fees that it could hide. */
const coveredDays = 25

/** The best that an attacker with any share of any electorate does. */
const worst = (play: (share: number, world: opponents.World) => opponents.Play) =>
  electorates
    .flatMap((provers) => shares.map((share) => ({ ...play(share, { ...world, provers }), share, provers })))
    .reduce((best, each) => (each.ends > best.ends ? each : best))

type Row = opponents.Play & { attacker: string; stake: number; share?: number; provers?: number }

const attackers: [name: string, play: (stake: number) => opponents.Play & { share?: number; provers?: number }][] = [
  ['sybils on the panel', (stake) => worst((share, all) => opponents.sybilJurors(stake, share, false, rules, all))],
  ['sybils and the minter', (stake) => worst((share, all) => opponents.sybilJurors(stake, share, true, rules, all))],
  ['minter frames a buyer', (stake) => worst((_, all) => opponents.framingMinter(stake, rules, all))],
  ['creator or rival frames', (stake) => worst((_, all) => opponents.framingStranger(stake, rules, all))],
  ['buyer and sybils refuse', (stake) => worst((share, all) => opponents.refusingBuyer(stake, share, rules, all))],
  ['host hides usage', (stake) => opponents.hidingHost(stake / coveredDays, stake, 0.1, rules)],
  ['offender slashes itself', (stake) => worst((_, all) => opponents.selfSlasher(stake, rules, all))],
  ['coverage farmer', (stake) => worst((_, all) => opponents.coverageFarmer(stake, rules, all))],
  ['griefer', (stake) => worst((_, all) => opponents.griefer(stake, rules, all))],
]
const rows: Row[] = attackers.flatMap(([attacker, play]) =>
  [100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000].map((stake) => ({ attacker, stake, ...play(stake) })),
)

table(
  'Attackers who choose their best attack, with 10 to 49 % of 20, 100 or 1,000 jurors, whichever is best for them. USDC.',
  'attacker',
  'at stake',
  'best attack',
  'gains',
  'pays',
  'ends with',
  'others lose',
)
for (const { attacker, stake, name, gains, pays, ends, harm } of rows)
  line(attacker, dollars(stake), name, cents(gains), cents(pays), cents(ends), cents(harm ?? 0))

table(
  'Collateral from which on hiding does not pay, in days of the fees that a host could hide.',
  'questions per host and day',
  'days of fees',
)
for (const questions of [0.02, 0.1, 0.5, 2, 10])
  line(questions, opponents.daysOfCollateral(questions, rules).toFixed(1))

table(
  'Hosts that hide usage: days until the slash, by the questions per host and day and by the hidden share (5 % of 10,000 hosts hide).',
  'questions',
  'hidden',
  'slashed in 90 days',
  'median day',
  '95 % day',
  'fees withheld',
  'collateral lost',
  'lost per withheld',
)
for (const probes of [0.02, 0.1, 0.5])
  for (const hidden of [0.1, 0.5, 0.9]) {
    const { cheats, hiderDays, kept, lost } = run({ probes, hidden })
    line(
      probes,
      roundedPercent(hidden),
      roundedPercent(hiderDays.length / cheats.hiders),
      quantile(hiderDays, 0.5),
      quantile(hiderDays, 0.95),
      dollars(kept),
      dollars(lost),
      (lost / kept).toFixed(1),
    )
  }

table(
  `Leaks: an unlicensed endpoint without receipts; ${keysPerCase} keys per case (1 % of 10,000 copies leak).`,
  'detected per day',
  'slashed in 90 days',
  'median day',
  '95 % day',
)
for (const noticed of [0.01, 0.05, 0.2]) {
  const { cheats, leakerDays } = run({ noticed })
  line(
    roundedPercent(noticed),
    roundedPercent(leakerDays.length / cheats.leakers),
    quantile(leakerDays, 0.5),
    quantile(leakerDays, 0.95),
  )
}

table(
  'Earnings in 90 days, USDC, by the share of hosts that hide half of their usage, while 1 % leak (0.1 questions per host and day).',
  'hosts hiding',
  'holders',
  'protocol',
  'minters',
  'provers: coverage and votes',
  'rewards',
  'costs',
  'per prover and day',
  'pool left',
  'burned',
)
for (const hiding of [0, 0.01, 0.05, 0.2]) {
  const { earned, provers } = run({ hiding })
  const income = provers.coverage + provers.votes + provers.rewards - provers.costs
  line(
    roundedPercent(hiding),
    dollars(earned.holders),
    dollars(earned.protocol),
    dollars(earned.minters),
    dollars(provers.coverage + provers.votes),
    dollars(provers.rewards),
    dollars(provers.costs),
    (income / base.provers / base.days).toFixed(2),
    dollars(provers.pool),
    dollars(earned.burned),
  )
}

table(
  'Without cheats: earnings per prover and day, by the coverage fee and the questions per host and day.',
  'fee',
  'questions',
  'per prover and day',
  'of its stake per year',
)
for (const coverageFee of [0.5, 1, 5, 20])
  for (const probes of [0.1, 0.5]) {
    const { provers } = run({ hiding: 0, leaking: 0, coverageFee, probes })
    const income = (provers.coverage - provers.costs) / base.provers / base.days
    line(coverageFee, probes, income.toFixed(2), roundedPercent((365 * income) / usdc(parameters.proverStake)))
  }

const paying = rows.filter(({ ends }) => ends > 0)
if (options.json) console.log(JSON.stringify({ rules, world, rows, paying: paying.length }))
else
  console.log(
    `\n${paying.length} of ${rows.length} attacks pay. ${((performance.now() - started) / 1000).toFixed(1)} s`,
  )
if (paying.length > 0) process.exitCode = 1
