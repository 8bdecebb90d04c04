import { parameters } from '../lib/deploy/parameters'
import { binomialTail } from '../lib/fingerprint/stats/binomial'
import { seededRandom } from '../lib/fingerprint/stats/random'
import { type Economy, type Outcome, simulate } from './economy/simulate'

/** Ninety days of ten thousand hosts under the parameters that the deployment sets: who is caught, when, and who earns what. */

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
const slash = { reward: bps(parameters.slashRewardBps), burn: bps(parameters.slashBurnBps) }

/** A copy answers a surviving key with its own response with this chance; a foreign model with the other. */
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

/** The fewest keys at which a copy is convicted with 99 % and an innocent one of all copies with 1e-9 at most. */
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
const percent = (share: number) => `${(100 * share).toFixed(1)} %`
const line = (...cells: (string | number)[]) => console.log(`| ${cells.join(' | ')} |`)

function table(title: string, ...heads: string[]): void {
  console.log(`\n${title}\n`)
  line(...heads)
  line(...heads.map(() => '---'))
}

const began = performance.now()

table(
  'Hosts who hide usage: days until the slash, by the questions asked of each host a day and the share hidden (5 % of 10,000 hosts hide).',
  'questions',
  'hidden',
  'slashed in 90 days',
  'median day',
  '95 % day',
  'fees kept',
  'collateral lost',
  'lost per kept',
)
for (const probes of [0.02, 0.1, 0.5])
  for (const hidden of [0.1, 0.5, 0.9]) {
    const { cheats, hiderDays, kept, lost } = run({ probes, hidden })
    line(
      probes,
      percent(hidden),
      percent(hiderDays.length / cheats.hiders),
      quantile(hiderDays, 0.5),
      quantile(hiderDays, 0.95),
      dollars(kept),
      dollars(lost),
      (lost / kept).toFixed(1),
    )
  }

table(
  `Leaks: a stranger's endpoint that signs nothing; ${keysPerCase} keys a case (1 % of 10,000 copies leak).`,
  'noticed a day',
  'slashed in 90 days',
  'median day',
  '95 % day',
)
for (const noticed of [0.01, 0.05, 0.2]) {
  const { cheats, leakerDays } = run({ noticed })
  line(
    percent(noticed),
    percent(leakerDays.length / cheats.leakers),
    quantile(leakerDays, 0.5),
    quantile(leakerDays, 0.95),
  )
}

table(
  'Who earns what in 90 days, USDC, by the share of hosts who hide half of their usage, while 1 % leak (0.1 questions a host and day).',
  'hide',
  'holders',
  'protocol',
  'minters',
  'provers: coverage and votes',
  'rewards',
  'costs',
  'a prover a day',
  'pool left',
  'burned',
)
for (const hiding of [0, 0.01, 0.05, 0.2]) {
  const { earned, provers } = run({ hiding })
  const income = provers.coverage + provers.votes + provers.rewards - provers.costs
  line(
    percent(hiding),
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
  'With nobody cheating: what a prover earns a day, by the fee for coverage and the questions asked.',
  'fee',
  'questions',
  'a prover a day',
  'of its stake a year',
)
for (const coverageFee of [0.5, 1, 5, 20])
  for (const probes of [0.1, 0.5]) {
    const { provers } = run({ hiding: 0, leaking: 0, coverageFee, probes })
    const income = (provers.coverage - provers.costs) / base.provers / base.days
    line(coverageFee, probes, income.toFixed(2), percent((365 * income) / usdc(parameters.proverStake)))
  }

console.log(`\n${((performance.now() - began) / 1000).toFixed(1)} s`)
