import { gaussian, type Random } from '../../lib/fingerprint/stats/random'

/** Money in USDC, time in days, traffic in answers. What is not the protocol's is an assumption, and stands in the table. */
export type Economy = {
  hosts: number
  days: number
  /** Share of hosts that leave answers out of their reports, and the share of answers that each of them leaves out. */
  hiding: number
  hidden: number
  /** Share of buyers who pass their copy on to a stranger, who serves it and signs nothing. */
  leaking: number
  /** Questions that all provers together ask, per host and day. */
  probes: number
  provers: number
  /** What one question costs a prover. */
  probeCost: number
  /** Chance per day that a stranger's endpoint is noticed by a prover. */
  noticed: number
  /** Keys asked, at one question each, before a case is opened. */
  keysPerCase: number
  /** Answers of a median host in a day, and the spread of the logarithm. */
  answers: number
  spread: number
  price: number
  fee: number
  collateral: number
  cuts: { protocol: number; prover: number; minter: number }
  windows: { epoch: number; grace: number; answer: number; case: number; thaw: number }
  slash: { reward: number; burn: number }
  feeFactor: number
  coverageFee: number
}

export type Outcome = {
  cheats: { hiders: number; leakers: number }
  /** Days from a cheat's first day to the slash, of those who were slashed. */
  hiderDays: number[]
  leakerDays: number[]
  slashed: number
  /** What hiders kept of the fees that they owed, and what they lost, of those who were slashed and those who were not. */
  kept: number
  lost: number
  earned: { holders: number; protocol: number; minters: number; burned: number }
  provers: { coverage: number; rewards: number; votes: number; costs: number; pool: number }
}

type Kind = 'honest' | 'hider' | 'leaker'

const jurors = 7

/**
 * `days` epochs of `hosts` copies, drawn anew each day: how many questions reach a host, and whether one of the answers
 * is missing from its report. A question asked of a hider proves the lie with the chance `hidden`; the challenge needs
 * the receipt alone, after the epoch and its grace. A leak is first noticed, then asked key by key, then tried.
 */
export function simulate(economy: Economy, random: Random): Outcome {
  const { days, hidden, cuts, windows, slash, fee } = economy
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
  const takeAll = (collateral: number) => {
    out.slashed += collateral
    provers.rewards += collateral * slash.reward
    earned.burned += collateral * slash.burn
    pay(collateral * (1 - slash.reward - slash.burn))
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
      caughtAt: Infinity,
      cheated: 0,
    }
  })
  for (let day = 0; day < days; day++) {
    for (const host of hosts) {
      if (host.caughtAt <= day) continue
      const owedFee = host.answers * fee
      const reported = host.kind === 'hider' ? owedFee * (1 - hidden) : owedFee
      pay(reported)
      host.cheated += owedFee - reported
      if (host.caughtAt !== Infinity) continue
      if (host.kind === 'hider' && hiderCaught(economy, random)) host.caughtAt = day + windows.epoch + windows.grace
      if (host.kind === 'leaker' && random() < economy.noticed) {
        host.caughtAt = day + windows.answer + windows.case
        provers.costs += economy.keysPerCase * (1 + jurors) * economy.probeCost
        provers.votes += spend(jurors * economy.coverageFee)
      }
    }
    for (const host of hosts) {
      if (Math.ceil(host.caughtAt) !== day) continue
      const locked = Math.max(economy.collateral, economy.feeFactor * windows.thaw * host.answers * fee * (1 - hidden))
      const collateral = host.kind === 'hider' ? locked : economy.collateral
      takeAll(collateral)
      if (host.kind === 'hider') out.lost += collateral
      const list = host.kind === 'hider' ? out.hiderDays : out.leakerDays
      list.push(day)
    }
    provers.costs += economy.hosts * economy.probes * economy.probeCost
    provers.coverage += spend(economy.provers * economy.coverageFee)
  }
  for (const { kind, cheated } of hosts) if (kind === 'hider') out.kept += cheated
  return out
}

/** Whether one of the day's questions to a hider got an answer that its report leaves out: Poisson arrivals, thinned. */
function hiderCaught({ probes, hidden }: Economy, random: Random): boolean {
  return random() < 1 - Math.exp(-probes * hidden)
}
