import type { Address, Hex } from 'viem'
import { type Account, charge, emptyAccount, isAnonymous, keepVoucher, voucherName } from './account'
import type { LogRecord, Payment, StoredReceipt } from './log/records'
import { emptyPurse, type Purse } from './purse'
import { releaseUnits } from './vouchers'

/** A payment, and the receipt of the answer that it bought; null while there is none. */
export type KnownPayment = { payment: Payment; answered: Hex | null }

/** Whom a call is for, and how it is paid. */
export type Call = Pick<StoredReceipt, 'price' | 'paid'> & { user: Address }

const paymentName = (payer: Address, nonce: Hex) => `${payer}:${nonce}`

/** What everybody owes, has paid and has spent, as the records say. */
export function emptyStanding() {
  const accounts = new Map<Address, Account>()
  const purses = new Map<Hex, Purse>()
  const payments = new Map<string, KnownPayment>()

  const account = (user: Address): Account => {
    const known = accounts.get(user)
    if (known) return known
    const opened = emptyAccount(user)
    accounts.set(user, opened)
    return opened
  }
  const purse = (owner: Hex): Purse => {
    const known = purses.get(owner)
    if (known) return known
    const opened = emptyPurse(owner)
    purses.set(owner, opened)
    return opened
  }
  const enterReceipt = ({ id, receipt, price, paid }: StoredReceipt): void => {
    if (paid?.by === 'purse') {
      purse(paid.owner).spent += receipt.units * price
      const known = paid.payment && payments.get(paymentName(receipt.user, paid.payment))
      if (known) known.answered = id
      return
    }
    if (isAnonymous(receipt.user)) return
    const owing = account(receipt.user)
    charge(owing, receipt.units, price)
    if (!paid) return
    owing.used.set(voucherName(paid.voucher), paid.voucher.cumulativeUnits)
    keepVoucher(owing, paid.voucher)
  }
  const enterPayment = (payment: Payment, answered: Hex | null): void => {
    const name = paymentName(payment.payer, payment.nonce)
    const before = payments.get(name)
    if (before?.payment.state === 'pending' && payment.state === 'paid')
      purse(payment.payer).paid += payment.value * 1_000_000n
    payments.set(name, { payment, answered: answered ?? before?.answered ?? null })
  }

  return {
    account,
    accounts,
    purse,
    purses,
    payments,
    payment: (payer: Address, nonce: Hex) => payments.get(paymentName(payer, nonce)) ?? null,
    paymentNamed: (payer: Address, id: string) =>
      [...payments.values()].find(({ payment }) => payment.payer === payer && payment.id === id) ?? null,
    /** Gives back units that were set aside for a call. */
    giveBack({ user, price, paid }: Call, units: bigint | null): void {
      if (!paid || units === null) return
      if (paid.by === 'purse') purse(paid.owner).open -= units * price
      else releaseUnits(account(user), units, price)
    },
    pendingPayments: (): Payment[] =>
      [...payments.values()].flatMap(({ payment }) => (payment.state === 'pending' ? [payment] : [])),
    enter(record: LogRecord): void {
      switch (record.kind) {
        case 'account': {
          const { user, units, cost, vouchers } = record.account
          Object.assign(account(user), { units, cost, vouchers })
          break
        }
        case 'voucher':
          keepVoucher(account(record.voucher.user), record.voucher)
          break
        case 'receipt':
          enterReceipt(record.stored)
          break
        case 'purse':
          Object.assign(purse(record.purse.owner), record.purse)
          break
        case 'payment':
          enterPayment(record.payment, record.answered)
      }
    },
    /** What the log of the next epoch begins with. Payments that nobody can make any more are left out. */
    carried(time: bigint): LogRecord[] {
      for (const [name, { payment }] of payments)
        if (payment.state !== 'pending' && payment.validBefore <= time) payments.delete(name)
      return [
        ...[...accounts.values()].flatMap(({ user, units, cost, vouchers }): LogRecord[] =>
          units > 0n || vouchers.length > 0 ? [{ kind: 'account', account: { user, units, cost, vouchers } }] : [],
        ),
        ...[...purses.values()].flatMap(({ owner, paid, spent }): LogRecord[] =>
          paid > 0n || spent > 0n ? [{ kind: 'purse', purse: { owner, paid, spent } }] : [],
        ),
        ...[...payments.values()].map((known): LogRecord => ({ kind: 'payment', ...known })),
      ]
    },
    clear(): void {
      accounts.clear()
      purses.clear()
      payments.clear()
    },
  }
}
