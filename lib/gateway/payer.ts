import type { IncomingMessage } from 'node:http'
import { type Address, zeroAddress } from 'viem'
import { KinmarkError } from '../error'
import type { Books } from './books'
import type { Paid, StoredReceipt } from './log/records'
import { decodeVoucher, holdUnits, type VoucherChecks, voucherChecker, voucherHeader } from './vouchers'

/** What a call asks for, and the most units that it can cost. */
export type Asked = {
  path: string
  /** Of the request’s body. */
  bytes: Uint8Array
  /** Units of its prompt. */
  prompt: bigint
  /** Units of prompt and answers; null where the request does not limit its answers. */
  most: bigint | null
  /** Answers to this one request. */
  answers: number
  /** The id of the receipt that the answer will have. */
  receipt: string
}

/** An answer as it left: its text, and the headers that belong to its payment. */
export type KeptAnswer = { type: string; headers: Record<string, string>; text: string }

/** Money that is set aside for a call, and given back with its receipt, or where it has none. */
export type Hold = {
  user: Address
  /** The most that the call may cost; null without a limit. */
  units: bigint | null
  price: bigint
  paid: Paid
  /** Sent with the answer. */
  headers?: Record<string, string>
  /** Sent with a stream, whose receipt comes with its end. */
  streamHeaders?: Record<string, string>
  /** Sent instead with an answer that is whole, so that its receipt is there before its first byte leaves. */
  receiptHeaders?(stored: StoredReceipt): Promise<Record<string, string>>
  /** Told an answer that left as a whole. */
  keep?(answer: KeptAnswer): void
  /** Told when the call is over. */
  over?(): void
}

/** An answer that this call has paid for before. */
export type Repeat = { repeat: KeptAnswer }

/** One of the ways in which calls pay. */
export type Payer = {
  /** Sets money aside for a call; null where it does not pay in this way. Throws why it may not. */
  hold(request: IncomingMessage, asked: Asked): Promise<Hold | Repeat | null>
  /** Headers of the answer to a call that was refused, such as how to pay in this way. */
  refusal?(request: IncomingMessage, asked: Asked, error: unknown): Promise<Record<string, string>>
}

/** Calls that carry a user’s voucher. */
export function voucherPayer(books: Books, price: bigint, checks: VoucherChecks): Payer {
  const check = voucherChecker(checks)
  const hold: Payer['hold'] = async ({ headers }, { prompt, most }) => {
    const header = headers[voucherHeader]
    if (header === undefined) return null
    const call = decodeVoucher(String(header))
    const needed = most ?? prompt + 1n
    if (call.units < needed) throw new KinmarkError('gateway.voucher-units-low', { units: call.units, needed })
    await check(call.voucher)
    const { voucher, units } = call
    const { user } = voucher
    await books.onAccount(user, (account) => holdUnits(account, call, price))
    return { user, units, price, paid: { by: 'voucher', voucher } }
  }
  return { hold }
}

/** Calls that nobody pays for. They have receipts, and the host owes the fee for them. */
export const freePayer: Payer = {
  async hold(_, { most }) {
    return { user: zeroAddress, units: most, price: 0n, paid: null }
  },
}

/** The first way in which a call pays. Throws `gateway.payment-missing`. */
export function payInOneOf(payers: readonly Payer[], { copyId, price }: { copyId: bigint; price: bigint }) {
  return {
    async hold(request: IncomingMessage, asked: Asked): Promise<Hold | Repeat> {
      for (const payer of payers) {
        const held = await payer.hold(request, asked)
        if (held) return held
      }
      throw new KinmarkError('gateway.payment-missing', { copyId: `${copyId}`, price })
    },
    async refusal(request: IncomingMessage, asked: Asked, error: unknown): Promise<Record<string, string>> {
      const headers = await Promise.all(payers.map((payer) => payer.refusal?.(request, asked, error)))
      return Object.assign({}, ...headers)
    },
  }
}
