/**
 * Players who choose their best reply to the rules. Everything is computed, nothing drawn: each player lists its
 * attacks, each attack has an expected end, and the player takes the best. A player begins with nothing, so an attack
 * pays if it ends above zero; otherwise the best reply is to stay honest. Money in USDC.
 */

/** The rules of the contracts, with the deployed parameters. */
export type Rules = {
  proverStake: number
  proverPenalty: number
  coverageFee: number
  challengeBond: number
  /** Bond of a first case that freezes `amount`, and the fee of who records the block’s hash. */
  caseBond(amount: number): number
  recordFee(bond: number): number
  /** A bounty is at most `share` of what is taken, and at most `cap`. */
  bounty: { share: number; cap: number }
  minterBond: number
  cuts: { protocol: number; prover: number; minter: number }
  minSeats: number
  maxSeats: number
  /** The locked collateral is this many times the reported fees of `exposedDays`. */
  feeFactor: number
  exposedDays: number
  /** From a signature to the moment at which its absence can be proven, at most. */
  provableDays: number
}

/** Assumptions about the world, which the contracts cannot know. Each is one number in `bench/economy.ts`. */
export type World = {
  /** Eligible provers. */
  provers: number
  /** The price of a question to a prover, and the cost of its answer to a host. */
  question: { price: number; cost: number }
  /** Questions that decide a case against a copy that nobody has attacked. */
  questionsPerCase: number
  /** Gas of a transaction. */
  gas: number
  /** Yearly interest that frozen money would have earned, and the days that a case freezes it. */
  interest: number
  frozenDays: number
}

type Strategy = {
  name: string
  /** Expected gain and expected payments. */
  gains: number
  pays: number
  /** The loss of everybody else. */
  harm?: number
}

export type Play = Strategy & { ends: number }

/** The attack that ends best for the player. */
function bestReply(strategies: readonly Strategy[]): Play {
  const plays = strategies.map((strategy) => ({ ...strategy, ends: strategy.gains - strategy.pays }))
  return plays.reduce((best, play) => (play.ends > best.ends ? play : best))
}

/** P(X ≥ least) for `seats` drawn without replacement from `eligible` provers, of whom `own` are the player’s. */
function seatsAtLeast(least: number, seats: number, own: number, eligible: number): number {
  let sum = 0
  for (let hits = Math.max(least, seats + own - eligible, 0); hits <= Math.min(seats, own); hits++)
    sum += Math.exp(lnChoose(own, hits) + lnChoose(eligible - own, seats - hits) - lnChoose(eligible, seats))
  return Math.min(1, sum)
}

/** Seats of a first panel: the odd number from max(7, ⌈1.5 amount / stake⌉) up, at most the eligible provers. */
function seatsFor(amount: number, { minSeats, maxSeats, proverStake }: Rules, { provers }: World): number {
  const needed = Math.min(maxSeats, Math.max(minSeats, Math.ceil((1.5 * amount) / proverStake)))
  return odd(Math.min(needed | 1, provers))
}

/** How a player with `own` of the jurors fares who wants an untrue conviction, and whose victim appeals it. */
function untrueConviction(amount: number, own: number, rules: Rules, world: World) {
  const first = seatsFor(amount, rules, world)
  const second = odd(Math.min(2 * first + 1, world.provers))
  const needed = (seats: number) => Math.ceil((2 * seats) / 3)
  // whoever proposes the block that draws the panel can withhold it, and so draw once more
  const wins = 1 - (1 - seatsAtLeast(needed(first), first, own, world.provers)) ** 2
  const holds = seatsAtLeast(needed(second), second, own, world.provers)
  // honest jurors are more than half of the larger panel: the ruling falls, and so do the stakes behind it
  const falls = 1 - seatsAtLeast(Math.floor(second / 2), second, own, world.provers)
  return { first, wins, holds, falls, stakesLost: needed(first) * rules.proverStake }
}

/**
 * Sybils among the jurors who accuse an innocent copy. Without the copy’s codeword no key can be opened, and a panel
 * that accepts rules a draw. With the minter in the plot the keys open.
 */
export function sybilJurors(amount: number, share: number, withMinter: boolean, rules: Rules, world: World): Play {
  const own = Math.floor(share * world.provers)
  const { first, wins, holds, falls, stakesLost } = untrueConviction(amount, own, rules, world)
  const bond = rules.caseBond(amount)
  const fee = rules.recordFee(bond) + world.gas
  const votes = first * share * rules.coverageFee
  if (!withMinter) {
    const pays = fee + wins * (bond / 5) + (1 - wins) * bond
    return bestReply([{ name: 'accuse', gains: 0, pays, harm: frozen(amount, world) - bond / 2 }])
  }
  const bounty = Math.min(rules.bounty.cap, rules.bounty.share * amount, rules.minterBond / 2)
  const convicted = wins * holds
  return bestReply([
    {
      name: 'accuse, vote as one',
      gains: convicted * (bounty + votes),
      pays: fee + wins * falls * (stakesLost + bond) + (1 - wins) * bond,
      harm: convicted * amount,
    },
  ])
}

/**
 * A minter, or whoever stole its codewords, who serves a buyer’s copy without receipts and lets a puppet find it. All
 * jurors convict in good faith. Each asks as many questions as the finder, and the framed endpoint has to answer them.
 * The bounty is what the jurors find proven as the cost of finding.
 */
export function framingMinter(amount: number, rules: Rules, world: World): Play {
  const seats = seatsFor(amount, rules, world)
  const bond = rules.caseBond(amount)
  const asked = world.questionsPerCase * world.question.price
  const bounty = Math.min(asked, rules.bounty.cap, rules.bounty.share * amount, rules.minterBond / 2)
  const answering = seats * world.questionsPerCase * world.question.cost
  return bestReply([
    {
      name: 'frame a buyer',
      gains: bounty,
      // the finder’s own questions are not needed: the minter knows the answers
      pays: answering + rules.recordFee(bond) + 4 * world.gas,
      harm: amount,
    },
  ])
}

/** A creator or a rival without codewords: its accusation cannot be shown, and the case costs its bond. */
export function framingStranger(amount: number, rules: Rules, world: World): Play {
  const bond = rules.caseBond(amount)
  return bestReply([{ name: 'accuse', gains: 0, pays: bond + rules.recordFee(bond) + world.gas }])
}

/** A buyer who refuses a good delivery, keeps the weights and has a share of the jurors. `price`: what it gets back. */
export function refusingBuyer(price: number, share: number, rules: Rules, world: World): Play {
  const own = Math.floor(share * world.provers)
  const { wins, holds, falls, stakesLost } = untrueConviction(price, own, rules, world)
  const bond = rules.caseBond(0)
  const fee = rules.recordFee(bond) + 2 * world.gas
  return bestReply([
    {
      name: 'refuse, vote as one',
      gains: wins * holds * price,
      pays: fee + wins * falls * (stakesLost + bond) + (1 - wins) * bond,
      harm: wins * holds * price,
    },
  ])
}

/**
 * A host with traffic outside of the protocol’s vouchers that leaves a part of it out of its reports. Provers ask it
 * `questions` times a day, and each question looks like a customer’s. A hidden receipt can be proven when its epoch and
 * the grace are over, `provable` days after it was signed. Then all collateral goes: what the terms ask, or the lock on
 * what it did report.
 */
export function hidingHost(feesPerDay: number, collateral: number, questions: number, rules: Rules): Play {
  return bestReply(
    Array.from({ length: 20 }, (_, i): Strategy => {
      const hidden = (i + 1) / 20
      const days = 1 / (questions * hidden) + rules.provableDays
      const kept = days * feesPerDay * hidden
      const locked = Math.max(collateral, rules.feeFactor * rules.exposedDays * feesPerDay * (1 - hidden))
      return { name: `hide ${Math.round(100 * hidden)} %`, gains: kept, pays: locked, harm: kept }
    }),
  )
}

/** The collateral, in days of the fees that a host could hide, from which on hiding does not pay. */
export function daysOfCollateral(questions: number, rules: Rules): number {
  for (let days = 0; ; days += 0.1) if (hidingHost(1, days, questions, rules).ends <= 0) return days
}

/** An offender who convicts itself through a puppet before others do, to save what it can. */
export function selfSlasher(collateral: number, rules: Rules, world: World): Play {
  const bounty = Math.min(rules.bounty.cap, rules.bounty.share * collateral)
  return bestReply([{ name: 'convict itself', gains: bounty, pays: collateral + 2 * world.gas }])
}

/**
 * A coverage farmer that is host, creator, minter and prover at once, and pays itself. It gets back all but the
 * protocol’s cut: its coverage is at most the prover pool’s cut of what it paid.
 */
export function coverageFarmer(fees: number, rules: Rules, world: World): Play {
  const { protocol, prover } = rules.cuts
  return bestReply([
    {
      name: 'pay itself',
      gains: fees * (1 - protocol - prover) + Math.min(fees * prover, rules.coverageFee),
      pays: fees + 3 * world.gas,
    },
  ])
}

/** A griefer who wants others to lose, not to gain. `harm` is what the victim loses after what it is paid. */
export function griefer(amount: number, rules: Rules, world: World): Play {
  const bond = rules.caseBond(amount)
  return {
    name: 'a baseless case at the moment of leaving',
    gains: 0,
    pays: bond + rules.recordFee(bond) + world.gas,
    ends: -(bond + rules.recordFee(bond) + world.gas),
    harm: Math.max(0, frozen(amount, world) - bond / 2),
  }
}

function frozen(amount: number, { interest, frozenDays }: World): number {
  return (amount * interest * frozenDays) / 365
}

function odd(number: number): number {
  return number % 2 === 1 ? number : number - 1
}

function lnChoose(n: number, k: number): number {
  return lnFactorial(n) - lnFactorial(k) - lnFactorial(n - k)
}

function lnFactorial(n: number): number {
  let sum = 0
  for (let i = 2; i <= n; i++) sum += Math.log(i)
  return sum
}
