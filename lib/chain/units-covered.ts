/** What covers the reports of a copy, in USDC of 6 decimals. */
export type Cover = {
  collateral: bigint
  locked: bigint
  owed: bigint
  escrow: bigint
  /** For a million units. */
  fee: bigint
  /** How many times the fee of a report is locked in the collateral. */
  lockFactor: bigint
}

/**
 * Units that a report of this copy may state: its lock and what stays owed must fit into the collateral. A host that
 * answers more could not report its receipts, and would be slashed for them.
 */
export function unitsCovered({ collateral, locked, owed, escrow, fee, lockFactor }: Cover): bigint {
  if (fee === 0n) return 2n ** 56n
  const free = collateral - locked - owed
  if (free <= 0n) return 0n
  // lock + owed fee ≤ free, with the owed fee at most what the escrow does not pay
  const byLock = free / lockFactor
  const covered = byLock <= escrow ? byLock : (free + escrow) / (lockFactor + 1n)
  return (covered * 1_000_000n) / fee
}

/** USDC of 6 decimals that have to be added to collateral or escrow so that a report of so many units is accepted. */
export function missingFor(copy: Cover, units: bigint): bigint {
  const fee = (units * copy.fee + 999_999n) / 1_000_000n
  const unpaid = fee > copy.escrow ? fee - copy.escrow : 0n
  const missing = copy.lockFactor * fee + unpaid + copy.locked + copy.owed - copy.collateral
  return missing > 0n ? missing : 0n
}
