import { type Address, getAddress, type Hex, hexToBytes, isAddress, isHex } from 'viem'
import { z } from 'zod'
import { KinmarkError, messageOf } from '../error'
import { recoverSigner, voucherHasher } from '../metering/signer'
import { releasedDown } from '../metering/voucher'
import { type Account, amountUp, keepVoucher, lastVoucher, paysFor, safeVoucher, voucherName } from './account'
import type { SignedVoucher } from './log/records'

/** The header in which a call’s voucher travels, as base64url of JSON. */
export const voucherHeader = 'x-kinmark-voucher'

const decimal = z.string().regex(/^(0|[1-9]\d{0,77})$/)
const uint64 = decimal.transform(BigInt).refine((value) => value < 2n ** 64n, 'must have 64 bits at most')
const schema = z.object({
  copyId: decimal.transform(BigInt),
  user: z
    .string()
    .refine((text) => isAddress(text, { strict: false }), 'is not an address')
    .transform((text) => getAddress(text)),
  cumulativeUnits: uint64,
  cumulativeAmount: uint64,
  signature: z.custom<Hex>((text) => isHex(text) && text.length === 132, 'must be 65 bytes in hex'),
  /** The most units that this call may cost. */
  units: uint64.default(0n),
})

/** A voucher and what it may be spent on by the call that carries it. */
export type CallVoucher = { voucher: SignedVoucher; units: bigint }

export function encodeVoucher({ voucher, units }: CallVoucher): string {
  const text = (value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  return Buffer.from(JSON.stringify({ ...voucher, units }, (_, value) => text(value))).toString('base64url')
}

/** Reads a voucher as its header has it. Throws `gateway.voucher-malformed`. */
export function decodeVoucher(text: string): CallVoucher {
  return wellFormed(() => JSON.parse(Buffer.from(text, 'base64url').toString('utf8')))
}

/** Reads a voucher as JSON, with its numbers as text. Throws `gateway.voucher-malformed`. */
export function readVoucher(json: unknown): CallVoucher {
  return wellFormed(() => json)
}

function wellFormed(json: () => unknown): CallVoucher {
  try {
    const { units, ...voucher } = schema.parse(json())
    return { voucher, units }
  } catch (cause) {
    const reason =
      cause instanceof z.ZodError ? `“${cause.issues[0].path.join('.')}” ${cause.issues[0].message}` : messageOf(cause)
    throw new KinmarkError('gateway.voucher-malformed', { reason }, { cause })
  }
}

/** What the chain says of a user’s reservation with this copy. */
export type Reservation = {
  amount: bigint
  settledUnits: bigint
  settledAmount: bigint
  leavesAt: bigint
  number: number
}
export type SessionKey = { expiresAt: bigint; maxAmount: bigint; number: number }

/** What must be known of the chain to take a voucher. Answers may be some seconds old, unless `fresh`. */
export type ReservationReader = {
  reservation(user: Address, options?: { fresh: boolean }): Promise<Reservation>
  sessionKey(user: Address, key: Address, options?: { fresh: boolean }): Promise<SessionKey>
}

export type VoucherChecks = {
  chainId: number
  userLedger: Address
  copyId: bigint
  chain: ReservationReader
  /** Seconds of protocol time. */
  time(): bigint
}

/** Checks what a voucher says by itself and against the chain. Throws `gateway.voucher-*`. */
export function voucherChecker({ chainId, userLedger, copyId, chain, time }: VoucherChecks) {
  const hasher = voucherHasher(chainId, userLedger)
  return async (voucher: SignedVoucher): Promise<void> => {
    if (voucher.copyId !== copyId)
      throw new KinmarkError('gateway.voucher-other-copy', { given: `${voucher.copyId}`, served: `${copyId}` })
    const signer = recoverSigner(hasher.digest(hasher.hash(voucher)), hexToBytes(voucher.signature))
    if (!signer) throw new KinmarkError('gateway.voucher-signature')
    const check = async (fresh: boolean): Promise<void> => {
      const reservation = await chain.reservation(voucher.user, { fresh })
      if (signer !== voucher.user)
        assertKey(voucher, signer, await chain.sessionKey(voucher.user, signer, { fresh }), reservation, time())
      if (reservation.leavesAt > 0n) throw new KinmarkError('gateway.voucher-reservation-leaving')
      const available = reservation.amount + reservation.settledAmount
      if (voucher.cumulativeAmount > available)
        throw new KinmarkError('gateway.voucher-above-reservation', { amount: voucher.cumulativeAmount, available })
    }
    await check(false).catch(() => check(true)) // the user may have reserved or named a key just now
  }
}

function assertKey(
  voucher: SignedVoucher,
  signer: Address,
  key: SessionKey,
  reservation: Reservation,
  time: bigint,
): void {
  if (key.expiresAt === 0n || key.number !== reservation.number)
    throw new KinmarkError('gateway.voucher-signer', { signer })
  if (time >= key.expiresAt) throw new KinmarkError('gateway.voucher-expired', { expiresAt: key.expiresAt })
  if (voucher.cumulativeAmount > key.maxAmount)
    throw new KinmarkError('gateway.voucher-above-key', { amount: voucher.cumulativeAmount, most: key.maxAmount })
}

/**
 * Checks a voucher that comes without a call: it must say exactly what the receipts say, since it is settled before those
 * of calls. Returns whether it says anything new. Throws `gateway.voucher-units-low` and `gateway.voucher-amount-low`.
 */
export function closesAccount(account: Account, voucher: SignedVoucher): boolean {
  if (voucher.cumulativeUnits !== account.units)
    throw new KinmarkError('gateway.voucher-units-low', { units: voucher.cumulativeUnits, needed: account.units })
  if (!paysFor(voucher, account.units, account.cost))
    throw new KinmarkError('gateway.voucher-amount-low', {
      amount: voucher.cumulativeAmount,
      needed: amountUp(account.cost),
    })
  return safeVoucher(account)?.cumulativeUnits !== voucher.cumulativeUnits
}

/**
 * Promises a call its units out of the account, and takes the voucher as used. The vouchers of a user must cover the
 * receipts so far, all calls that run, and this one. Synchronous, so that no two calls are promised the same money.
 * Throws `gateway.voucher-used`, `gateway.voucher-units-low` and `gateway.voucher-amount-low`.
 */
export function holdUnits(account: Account, { voucher, units }: CallVoucher, price: bigint): void {
  const name = voucherName(voucher)
  if (account.used.has(name)) throw new KinmarkError('gateway.voucher-used')
  if (voucher.cumulativeUnits < account.units + units)
    throw new KinmarkError('gateway.voucher-units-low', {
      units: voucher.cumulativeUnits,
      needed: account.units + units,
    })
  const last = lastVoucher(account)
  const best = last && last.cumulativeUnits > voucher.cumulativeUnits ? last : voucher
  const open = {
    units: account.units + account.open.units + units,
    cost: account.cost + account.open.cost + units * price,
  }
  if (best.cumulativeUnits < open.units)
    throw new KinmarkError('gateway.voucher-units-low', { units: best.cumulativeUnits, needed: open.units })
  const alone = { units: account.units + units, cost: account.cost + units * price }
  for (const [each, needed] of [[best, open] as const, [voucher, alone] as const])
    if (!paysFor(each, needed.units, needed.cost))
      throw new KinmarkError('gateway.voucher-amount-low', {
        amount: releasedDown(each, needed.units),
        needed: amountUp(needed.cost),
      })
  account.used.set(name, voucher.cumulativeUnits)
  keepVoucher(account, voucher)
  account.open.units += units
  account.open.cost += units * price
}

/** Gives back what a call was promised. */
export function releaseUnits(account: Account, units: bigint, price: bigint): void {
  account.open.units -= units
  account.open.cost -= units * price
}
