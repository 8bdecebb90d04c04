import { type Address, zeroAddress } from 'viem'
import { releasedDown } from '../metering/voucher'
import type { SignedVoucher } from './log/records'

/**
 * What a user owes the host of one copy. Costs are units times the price of a million of them, which is exact; the amount
 * of a voucher is a cost divided by a million and rounded up once.
 */
export type Account = {
  user: Address
  /** Of all receipts. */
  units: bigint
  cost: bigint
  /** Promised to calls that run. */
  open: { units: bigint; cost: bigint }
  /** Vouchers that are still of use, by their units. The first may be for no more than the receipts. */
  vouchers: SignedVoucher[]
  /** Vouchers of calls, so that none is used twice. Those below `units` are refused anyway. */
  used: Map<string, bigint>
}

const mostVouchers = 256

export function emptyAccount(user: Address): Account {
  return { user, units: 0n, cost: 0n, open: { units: 0n, cost: 0n }, vouchers: [], used: new Map() }
}

/** The amount of a cost, in USDC of 6 decimals. */
export const amountUp = (cost: bigint): bigint => (cost + 999_999n) / 1_000_000n

export const isAnonymous = (user: Address): boolean => user === zeroAddress

export function charge(account: Account, units: bigint, price: bigint): void {
  account.units += units
  account.cost += units * price
  dropUseless(account)
  if (account.used.size > 2 * mostVouchers)
    for (const [name, promised] of account.used) if (promised <= account.units) account.used.delete(name)
}

/** Keeps a voucher that says more than those before it. */
export function keepVoucher(account: Account, voucher: SignedVoucher): void {
  const same = account.vouchers.findIndex((each) => each.cumulativeUnits === voucher.cumulativeUnits)
  if (same >= 0) {
    if (account.vouchers[same].cumulativeAmount < voucher.cumulativeAmount) account.vouchers[same] = voucher
    return
  }
  account.vouchers.push(voucher)
  account.vouchers.sort((a, b) => (a.cumulativeUnits < b.cumulativeUnits ? -1 : 1))
  dropUseless(account)
}

/** Of the vouchers for no more than the receipts only the last counts; of the others, the nearest and the last. */
function dropUseless(account: Account): void {
  const { vouchers, units } = account
  const covering = vouchers.findIndex(({ cumulativeUnits }) => cumulativeUnits > units)
  const below = covering < 0 ? vouchers.length : covering
  if (below > 1) vouchers.splice(0, below - 1)
  if (vouchers.length > mostVouchers) vouchers.splice(mostVouchers - 1, vouchers.length - mostVouchers)
}

export const voucherName = ({ cumulativeUnits, cumulativeAmount }: SignedVoucher): string =>
  `${cumulativeUnits}:${cumulativeAmount}`

/**
 * Whether a voucher pays for so many units at this cost when it is settled for them alone: the contract releases a part of
 * its amount for a part of its units.
 */
export function paysFor(voucher: SignedVoucher, units: bigint, cost: bigint): boolean {
  return voucher.cumulativeUnits >= units && releasedDown(voucher, units) >= cost / 1_000_000n
}

/** The voucher that promises most. */
export function lastVoucher({ vouchers }: Account): SignedVoucher | null {
  return vouchers.at(-1) ?? null
}

/** The largest voucher for no more than the receipts: settling it takes nothing that was not delivered. */
export function safeVoucher({ vouchers, units }: Account): SignedVoucher | null {
  return vouchers.findLast(({ cumulativeUnits }) => cumulativeUnits <= units) ?? null
}

/** The smallest voucher that pays for all receipts. It may promise more, which the user is then owed in answers. */
export function coveringVoucher({ vouchers, units, cost }: Account): SignedVoucher | null {
  return vouchers.find((each) => paysFor(each, units, cost)) ?? null
}
