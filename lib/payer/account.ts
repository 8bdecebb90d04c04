import { z } from 'zod'

/**
 * What a user owes the host of one copy, as this side has counted it, and what it has promised. Costs are units times the
 * price of a million of them, which is exact.
 */
export type PayerAccount = {
  units: bigint
  cost: bigint
  /** The most units that a voucher ever promised. */
  promised: bigint
  /** Totals in units of vouchers that were signed and are above `units`: a host takes none twice. */
  signed: bigint[]
}

const whole = z
  .string()
  .regex(/^\d{1,78}$/)
  .transform(BigInt)

export const payerAccountSchema = z.object({ units: whole, cost: whole, promised: whole, signed: z.array(whole) })

export const emptyPayerAccount: PayerAccount = { units: 0n, cost: 0n, promised: 0n, signed: [] }

/** As JSON that `payerAccountSchema` reads. */
export function payerAccountToJson({ units, cost, promised, signed }: PayerAccount) {
  return { units: `${units}`, cost: `${cost}`, promised: `${promised}`, signed: signed.map(String) }
}

/** A cost in USDC of 6 decimals, rounded up. */
export const amountUp = (cost: bigint): bigint => (cost + 999_999n) / 1_000_000n

/** The account once it has promised a call `units` more, and the totals that its voucher states. */
export function promise(account: PayerAccount, units: bigint, price: bigint) {
  let total = account.units + units
  while (account.signed.includes(total)) total++
  const promised = total > account.promised ? total : account.promised
  return {
    account: { ...account, promised, signed: [...account.signed, total] },
    totals: { cumulativeUnits: total, cumulativeAmount: amountUp(account.cost + (total - account.units) * price) },
  }
}

/** The account after an answer of so many units. */
export function charge(account: PayerAccount, units: bigint, price: bigint): PayerAccount {
  return settled({ ...account, units: account.units + units, cost: account.cost + units * price })
}

/**
 * The account as the host counts it, for answers whose receipts did not arrive. Null where it claims less than its receipts
 * say, more than was promised, or more than its price: such a host is not to be believed. Where nothing was promised yet,
 * another device may have paid.
 */
export function adopt(
  account: PayerAccount,
  claimed: { units: bigint; cost: bigint },
  price: bigint,
): PayerAccount | null {
  const isNew = account.promised === 0n
  if (claimed.units < account.units || (!isNew && claimed.units > account.promised)) return null
  if (claimed.cost > account.cost + (claimed.units - account.units) * price) return null
  const promised = claimed.units > account.promised ? claimed.units : account.promised
  return settled({ ...account, ...claimed, promised })
}

function settled(account: PayerAccount): PayerAccount {
  return { ...account, signed: account.signed.filter((total) => total > account.units) }
}
