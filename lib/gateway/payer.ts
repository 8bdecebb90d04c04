import type { IncomingMessage } from 'node:http'
import { type Address, zeroAddress } from 'viem'
import { KinmarkError } from '../error'
import type { Books } from './books'
import type { Paid } from './log/records'
import { decodeVoucher, holdUnits, releaseUnits, type VoucherChecks, voucherChecker, voucherHeader } from './vouchers'

/** The most units that a request can cost. */
export type Asked = {
  /** Of its prompt. */
  prompt: bigint
  /** Of prompt and answers; null where the request does not limit its answers. */
  most: bigint | null
}

/** Money that is set aside for a call. */
export type Hold = {
  user: Address
  /** The most that the call may cost; null without a limit. */
  units: bigint | null
  price: bigint
  paid: Paid
  /** Gives back what the call did not cost. */
  release(): Promise<void>
}

/** Sets money aside for a call; null where the call does not pay in this way. Throws why it may not. */
export type Payer = (request: IncomingMessage, asked: Asked) => Promise<Hold | null>

/** Calls that carry a user’s voucher. */
export function voucherPayer(books: Books, price: bigint, checks: VoucherChecks): Payer {
  const check = voucherChecker(checks)
  return async ({ headers }, { prompt, most }) => {
    const header = headers[voucherHeader]
    if (header === undefined) return null
    const call = decodeVoucher(String(header))
    const needed = most ?? prompt + 1n
    if (call.units < needed) throw new KinmarkError('gateway.voucher-units-low', { units: call.units, needed })
    await check(call.voucher)
    const { voucher, units } = call
    const { user } = voucher
    await books.onAccount(user, (account) => holdUnits(account, call, price))
    const release = () => books.onAccount(user, (account) => releaseUnits(account, units, price))
    return { user, units, price, paid: { by: 'voucher', voucher }, release }
  }
}

/** Calls that nobody pays for. They have receipts, and the host owes the fee for them. */
export const freePayer: Payer = async (_, { most }) => {
  return { user: zeroAddress, units: most, price: 0n, paid: null, release: async () => undefined }
}

/** The first way in which a call pays. Throws `gateway.payment-missing`. */
export function payInOneOf(payers: readonly Payer[], { copyId, price }: { copyId: bigint; price: bigint }) {
  return async (request: IncomingMessage, asked: Asked): Promise<Hold> => {
    for (const payer of payers) {
      const hold = await payer(request, asked)
      if (hold) return hold
    }
    throw new KinmarkError('gateway.payment-missing', { copyId: `${copyId}`, price })
  }
}
