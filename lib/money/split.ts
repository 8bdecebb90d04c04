import type { Usdc6 } from './usdc'

/** Basis points in the whole. */
const wholeBps = 10_000

/** The protocol’s cuts of every payment. */
export type Cuts = { protocolBps: number; proverBps: number; minterBps: number }

/** An ancestor in a model’s lineage, and its part of what the model earns after cuts. */
export type Ancestor<Id> = { id: Id; royaltyBps: number }

/**
 * The parts of one payment, in units of the token. On chain, `shares`, `ancestors` and `entered` are exact to 1/10,000 of a
 * unit; here they are rounded down, and `dust` is the remainder.
 */
export type Split<Id> = {
  protocol: Usdc6
  provers: Usdc6
  minter: Usdc6
  ancestors: { id: Id; amount: Usdc6 }[]
  /** The ancestors that a court has entered. */
  entered: { id: Id; amount: Usdc6 }[]
  shares: Usdc6
  dust: Usdc6
}

/**
 * Splits a payment like `Treasury.pay`: the cuts of the amount, rounded down, then each ancestor’s part of the rest.
 * Royalties are absolute, so an ancestor’s distance does not matter. Entered ancestors are paid out of what the lineage
 * leaves to the shareholders.
 */
export function splitDown<Id>(
  amount: Usdc6,
  cuts: Cuts,
  lineage: readonly Ancestor<Id>[],
  entered: readonly Ancestor<Id>[] = [],
): Split<Id> {
  const protocol = partDown(amount, cuts.protocolBps)
  const provers = partDown(amount, cuts.proverBps)
  const minter = partDown(amount, cuts.minterBps)
  const rest = amount - protocol - provers - minter
  return { protocol, provers, minter, ...divideDown(rest, lineage, entered) }
}

/** Divides what is left of a payment after the cuts. */
export function divideDown<Id>(rest: Usdc6, lineage: readonly Ancestor<Id>[], entered: readonly Ancestor<Id>[]) {
  const ancestors = lineage.map(({ id, royaltyBps }) => ({ id, amount: partDown(rest, royaltyBps) }))
  const own = BigInt(sharesBps(lineage))
  const asked = BigInt(totalBps(entered))
  // In 1/10,000 of a unit, as on chain.
  const parts = entered.map(({ royaltyBps }) => {
    const part = rest * BigInt(royaltyBps)
    return asked > own ? (part * own) / asked : part
  })
  const inUnits = (part: bigint) => part / BigInt(wholeBps)
  const shares = inUnits(rest * own - parts.reduce((sum, part) => sum + part, 0n))
  const beside = entered.map(({ id }, i) => ({ id, amount: inUnits(parts[i]) }))
  const dust = [...ancestors, ...beside].reduce((left, { amount }) => left - amount, rest - shares)
  return { ancestors, entered: beside, shares, dust }
}

/** A part of an amount, rounded down: a cut of a payment, or a royalty of the rest after cuts. */
export function partDown(amount: Usdc6, bps: number): Usdc6 {
  return (amount * BigInt(bps)) / BigInt(wholeBps)
}

/** A part of an amount, rounded up: a floor. */
export function partUp(amount: Usdc6, bps: number): Usdc6 {
  return (amount * BigInt(bps) + BigInt(wholeBps - 1)) / BigInt(wholeBps)
}

/** The royalties to all ancestors together. */
export function totalBps(lineage: readonly { royaltyBps: number }[]): number {
  return lineage.reduce((sum, { royaltyBps }) => sum + royaltyBps, 0)
}

/** The shareholders’ part of the rest after cuts: everything that is not owed to ancestors. */
export function sharesBps(lineage: readonly { royaltyBps: number }[]): number {
  return wholeBps - totalBps(lineage)
}
