import type { Usdc6 } from './usdc'

/** Basis points in the whole. */
const wholeBps = 10_000

/** The treasury’s cuts of every payment. */
export type Cuts = { protocolBps: number; proverBps: number; minterBps: number }

/** A model’s royalty to one parent, of a payment after cuts. */
export type Edge<Id> = { parent: Id; royaltyBps: number }

/**
 * The parts of one payment, in units of the token. On chain, `shares` and `edges` are exact to 1/10,000 of a unit; here
 * they are rounded down, and `dust` is the remainder.
 */
export type Split<Id> = {
  protocol: Usdc6
  provers: Usdc6
  minter: Usdc6
  edges: { parent: Id; amount: Usdc6 }[]
  shares: Usdc6
  dust: Usdc6
}

/**
 * Splits a payment like `Treasury.pay` (protocol, section 6): the cuts of the amount, rounded down, then each parent’s
 * part of the rest.
 */
export function splitDown<Id>(amount: Usdc6, cuts: Cuts, parents: readonly Edge<Id>[]): Split<Id> {
  const protocol = partDown(amount, cuts.protocolBps)
  const provers = partDown(amount, cuts.proverBps)
  const minter = partDown(amount, cuts.minterBps)
  const rest = amount - protocol - provers - minter
  const edges = parents.map(({ parent, royaltyBps }) => ({ parent, amount: partDown(rest, royaltyBps) }))
  const shares = partDown(rest, sharesBps(parents))
  const dust = rest - shares - edges.reduce((sum, edge) => sum + edge.amount, 0n)
  return { protocol, provers, minter, edges, shares, dust }
}

/** A part of an amount, rounded down: a cut of a payment, or a royalty of the rest after cuts. */
export function partDown(amount: Usdc6, bps: number): Usdc6 {
  return (amount * BigInt(bps)) / BigInt(wholeBps)
}

/** The shareholders’ part of the rest after cuts: everything that is not owed to parents. */
export function sharesBps(parents: readonly { royaltyBps: number }[]): number {
  return parents.reduce((left, { royaltyBps }) => left - royaltyBps, wholeBps)
}
