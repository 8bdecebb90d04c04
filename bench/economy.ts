import { parameters } from '../lib/deploy/parameters'
import { binomialTail } from '../lib/fingerprint/stats/binomial'
import { seededRandom } from '../lib/fingerprint/stats/random'
import { roundedPercent } from '../lib/format/odds'
import { type Economy, type Outcome, simulate } from './economy/simulate'

/** Simulates ten thousand hosts over 90 days with the deployment’s parameters: which cheats are detected and when, and who earns what. */

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
/** What is not a bounty is burned. */
const slash = { reward: bps(parameters.bountyBps), burn: 1 - bps(parameters.bountyBps) }

/** Probabilities that a copy and an unrelated model answer a key with the copy’s response. */
const [keySurvives, keyByChance, falseAccusation, copies] = [0.85, 0.05, 1e-9, 10_000]
const keysPerCase = keysNeeded()

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
  cuts: { protocol: 0.025, prover: 0.025, minter: 0.05 },
  windows,
  slash,
  feeFactor: 10,
  coverageFee: usdc(parameters.coverageFee),
}

/** Smallest number of keys that convicts a copy with 99 %, and any innocent copy with at most 1e-9. */
function keysNeeded(): number {
  for (let keys = 4; ; keys++) {
    let hits = 1
    while (binomialTail(hits, keys, keyByChance) * copies > falseAccusation) hits++
    if (hits <= keys && binomialTail(hits, keys, keySurvives) >= 0.99) return keys
  }
}

const run = (changes: Partial<Economy>): Outcome =>
  simulate({ ...base, ...changes }, seededRandom(new Uint8Array(16).fill(7)))

function quantile(values: readonly number[], at: number): string {
  if (values.length === 0) return '–'
  return String(values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(at * values.length))])
}

const dollars = (amount: number) => Math.round(amount).toLocaleString('en-US')
const line = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)

function table(title: string, ...heads: string[]): void {
  console.log(`\n${title}\n`)
  line(...heads)
  line(...heads.map(() => '---'))
}

const started = performance.now()

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

console.log(`\n${((performance.now() - started) / 1000).toFixed(1)} s`)
