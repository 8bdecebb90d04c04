import { gaussian, type Random } from '../../lib/fingerprint/stats/random'

/** Money in USDC, time in days, usage in answers. Values that are not protocol parameters are assumptions. */
export type Economy = {
  hosts: number
  days: number
  /** Share of hosts that omit answers from their reports, and the share of answers that each of them omits. */
  hiding: number
  hidden: number
  /** Share of buyers who leak their copy to an unlicensed endpoint, which serves it without receipts. */
  leaking: number
  /** Questions from all provers together, per host and day. */
  probes: number
  provers: number
  /** A prover’s cost per question. */
  probeCost: number
  /** Probability per day that a prover notices an unlicensed endpoint. */
  noticed: number
  /** Questions, one per key, before a case is opened. */
  keysPerCase: number
  /** Median answers per host and day, and the standard deviation of their logarithm. */
  answers: number
  spread: number
  price: number
  fee: number
  collateral: number
  cuts: { protocol: number; prover: number; minter: number }
  windows: { epoch: number; grace: number; answer: number; case: number; thaw: number }
  /** A bounty is at most this share of what is taken, and at most `cap`. The rest is burned. */
  bounty: { share: number; cap: number }
  feeFactor: number
  coverageFee: number
}

export type Outcome = {
  cheats: { hiders: number; leakers: number }
  /** Days until the slash, of the cheats that were slashed. */
  hiderDays: number[]
  leakerDays: number[]
  slashed: number
  /** Fees that all hiders withheld, and collateral that they lost. */
  kept: number
  lost: number
  earned: { holders: number; protocol: number; minters: number; burned: number }
  provers: { coverage: number; rewards: number; votes: number; costs: number; pool: number }
}

type Kind = 'honest' | 'hider' | 'leaker'

const jurors = 7

/**
 * Simulates `days` epochs of `hosts` copies. A question to a hider is missing from the report with probability `hidden`;
 * its receipt alone proves this, after the epoch and its grace period. A leak is first noticed, then verified key by key,
 * then decided in a case.
 */
export function simulate(economy: Economy, random: Random): Outcome {
  const { days, hidden, cuts, windows, bounty, fee } = economy
  const hiderCount = Math.round(economy.hosts * economy.hiding)
  const leakerCount = Math.round(economy.hosts * economy.leaking)
  const out: Outcome = {
    cheats: { hiders: hiderCount, leakers: leakerCount },
    hiderDays: [],
    leakerDays: [],
    slashed: 0,
    kept: 0,
    lost: 0,
    earned: { holders: 0, protocol: 0, minters: 0, burned: 0 },
    provers: { coverage: 0, rewards: 0, votes: 0, costs: 0, pool: 0 },
  }
  const { earned, provers } = out
  const pay = (amount: number) => {
    earned.protocol += amount * cuts.protocol
    earned.minters += amount * cuts.minter
    provers.pool += amount * cuts.prover
    earned.holders += amount * (1 - cuts.protocol - cuts.prover - cuts.minter)
  }
  const slashAll = (collateral: number) => {
    out.slashed += collateral
    const paid = Math.min(collateral * bounty.share, bounty.cap)
    provers.rewards += paid
    earned.burned += collateral - paid
  }
  const spend = (amount: number) => {
    const paid = Math.min(amount, provers.pool)
    provers.pool -= paid
    return paid
  }

  const hosts = Array.from({ length: economy.hosts }, (_, i) => {
    const kind: Kind = i < hiderCount ? 'hider' : i < hiderCount + leakerCount ? 'leaker' : 'honest'
    pay(economy.price)
    return {
      kind,
      answers: economy.answers * Math.exp(economy.spread * gaussian(random)),
      detectedAt: Infinity,
      cheated: 0,
    }
  })
  for (let day = 0; day < days; day++) {
    for (const host of hosts) {
      if (host.detectedAt <= day) continue
      const owedFee = host.answers * fee
      const reported = host.kind === 'hider' ? owedFee * (1 - hidden) : owedFee
      pay(reported)
      host.cheated += owedFee - reported
      if (host.detectedAt !== Infinity) continue
      if (host.kind === 'hider' && hiderDetected(economy, random)) host.detectedAt = day + windows.epoch + windows.grace
      if (host.kind === 'leaker' && random() < economy.noticed) {
        host.detectedAt = day + windows.answer + windows.case
        provers.costs += economy.keysPerCase * (1 + jurors) * economy.probeCost
        provers.votes += spend(jurors * economy.coverageFee)
      }
    }
    for (const host of hosts) {
      if (Math.ceil(host.detectedAt) !== day) continue
      const locked = Math.max(economy.collateral, economy.feeFactor * windows.thaw * host.answers * fee * (1 - hidden))
      const collateral = host.kind === 'hider' ? locked : economy.collateral
      slashAll(collateral)
      if (host.kind === 'hider') out.lost += collateral
      const slashDays = host.kind === 'hider' ? out.hiderDays : out.leakerDays
      slashDays.push(day)
    }
    provers.costs += economy.hosts * economy.probes * economy.probeCost
    provers.coverage += spend(economy.provers * economy.coverageFee)
  }
  for (const { kind, cheated } of hosts) if (kind === 'hider') out.kept += cheated
  return out
}

/** Whether one of the day’s answers to provers is missing from a hider’s report (Poisson arrivals, thinned). */
function hiderDetected({ probes, hidden }: Economy, random: Random): boolean {
  return random() < 1 - Math.exp(-probes * hidden)
}
