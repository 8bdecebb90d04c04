import type { Usdc6 } from './usdc'

/** Basis points in the whole. */
const wholeBps = 10_000

/** The protocol’s cuts of every payment. */
export type Cuts = { protocolBps: number; proverBps: number; minterBps: number }

/** An ancestor in a model’s lineage, and its part of what the model earns after cuts. */
export type Ancestor<Id> = { id: Id; royaltyBps: number }

/**
 * The parts of one payment, in units of the token. On chain, `shares` and `ancestors` are exact to 1/10,000 of a unit;
 * here they are rounded down, and `dust` is the remainder.
 */
export type Split<Id> = {
  protocol: Usdc6
  provers: Usdc6
  minter: Usdc6
  ancestors: { id: Id; amount: Usdc6 }[]
  shares: Usdc6
  dust: Usdc6
}

/**
 * Splits a payment like `Treasury.pay`: the cuts of the amount, rounded down, then each ancestor’s part of the rest.
 * Royalties are absolute, so an ancestor’s distance does not matter.
 */
export function splitDown<Id>(amount: Usdc6, cuts: Cuts, lineage: readonly Ancestor<Id>[]): Split<Id> {
  const protocol = partDown(amount, cuts.protocolBps)
  const provers = partDown(amount, cuts.proverBps)
  const minter = partDown(amount, cuts.minterBps)
  const rest = amount - protocol - provers - minter
  const ancestors = lineage.map(({ id, royaltyBps }) => ({ id, amount: partDown(rest, royaltyBps) }))
  const shares = partDown(rest, sharesBps(lineage))
  const dust = rest - shares - ancestors.reduce((sum, ancestor) => sum + ancestor.amount, 0n)
  return { protocol, provers, minter, ancestors, shares, dust }
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
