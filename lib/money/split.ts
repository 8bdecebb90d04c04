import type { Usdc6 } from './usdc'

/** Basis points in the whole. */
const BPS = 10_000n

export type Cuts = { protocolBps: bigint; proverBps: bigint; minterBps: bigint }

export type Edge<Id> = { parent: Id; royaltyBps: bigint }

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
  const protocol = (amount * cuts.protocolBps) / BPS
  const provers = (amount * cuts.proverBps) / BPS
  const minter = (amount * cuts.minterBps) / BPS
  const rest = amount - protocol - provers - minter
  const edges = parents.map(({ parent, royaltyBps }) => ({ parent, amount: (rest * royaltyBps) / BPS }))
  const shares = (rest * (BPS - parents.reduce((sum, edge) => sum + edge.royaltyBps, 0n))) / BPS
  const dust = rest - shares - edges.reduce((sum, edge) => sum + edge.amount, 0n)
  return { protocol, provers, minter, edges, shares, dust }
}
