import { createHash } from 'node:crypto'
import type { PaymentPayload, PaymentRequirements } from '@x402/core/types'
import type { Address, Hex } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { KinmarkError } from '../../error'
import { amountUp } from '../account'
import type { Books } from '../books'
import type { Payment, StoredReceipt } from '../log/records'
import type { Asked, Hold } from '../payer'
import { leftOf } from '../purse'
import { shownReceipt } from '../shown-receipt'
import { offerReceiptExtension, signedReceipt } from './offer-receipt'
import { recentAnswers } from './repeats'
import { assertOffered, mostUnitsOf, offerSeconds, type Scheme } from './scheme'
import type { Settler } from './settler'
import { responseHeaders, type SignedPayment, signedPayment } from './wire'

export type ExactOptions = {
  books: Books
  settler: Settler
  /** The operator key: it is paid, and signs offers and receipts. */
  account: PrivateKeyAccount
  chainId: number
  usd: Address
  /** The EIP-712 domain of the token. */
  domain: { name: string; version: string }
  /** USDC of 6 decimals for a million units. */
  price: bigint
  /** The least payment that moves money, since the host pays its gas: USDC of 6 decimals. */
  least: bigint
  /** Tokens that an answer may have where its request names no limit. */
  answerTokens: number
  /** The public address, without a path. */
  origin: string
  /** Milliseconds for which a call waits for its payment. */
  waitMs: number
}

const longestSeconds = 3600n

/**
 * The scheme “exact” over EIP-3009. A payment is settled before its answer begins, and fills its
 * payer’s purse with it: what the answer does not cost pays for later ones. A payment that comes again gets the same
 * answer again, or the answer that it has not had yet; money moves once.
 */
export function exactScheme(options: ExactOptions): Scheme {
  const { books, settler, account, chainId, usd, domain, price, least, origin } = options
  const network = `eip155:${chainId}` as const
  const answers = recentAnswers()
  const running = new Set<string>()

  const needed = (asked: Asked): bigint => mostUnitsOf(asked, options.answerTokens)
  const creditOf = (payer: Address): Promise<bigint> => books.onPurse(payer, (purse) => leftOf(purse, purse.paid))

  /** What a payment must be at least: nothing where the credit suffices. USDC of 6 decimals. */
  async function dueOf(asked: Asked, payer: Address | null): Promise<bigint> {
    const cost = needed(asked) * price
    const credit = payer ? await creditOf(payer) : 0n
    if (credit >= cost) return 0n
    const due = amountUp(cost - credit)
    return due > least ? due : least
  }

  async function requirements(asked: Asked, payer: Address | null): Promise<PaymentRequirements> {
    const amount = await dueOf(asked, payer)
    // a client’s clock says when its payment ends, and a local chain’s may be ahead of it
    const ahead = Number((await settler.now()).time) - Math.floor(Date.now() / 1000)
    return {
      ...{ scheme: 'exact', network, amount: `${amount}`, asset: usd, payTo: account.address },
      ...{ maxTimeoutSeconds: offerSeconds + Math.max(0, ahead), extra: { ...domain, assetTransferMethod: 'eip3009' } },
    }
  }

  /** The payment as it is known here, or new and stored. Throws where it is not good for this call. */
  async function take(signed: SignedPayment, asked: Asked): Promise<Payment> {
    const { payer, nonce, value, validAfter, validBefore, signature, id } = signed
    const requestHash = requestHashOf(asked)
    const known = await books.payment(payer, nonce)
    const named = id === null ? null : await books.paymentNamed(payer, id)
    if (named && named.payment.nonce !== nonce) throw new KinmarkError('gateway.payment-id-used', { id: id as string })
    if (known) {
      const same = { value, validAfter, validBefore, signature, id, requestHash }
      for (const [field, given] of Object.entries(same))
        if (known.payment[field as keyof typeof same] !== given)
          throw new KinmarkError('gateway.payment-differs', { field })
      if (known.answered && !answers.get(nameOf(known.payment)))
        throw new KinmarkError('gateway.payment-answered', { receipt: `rcpt_${known.answered.slice(2)}` })
      return known.payment
    }
    const { time, block } = await settler.now()
    if (validBefore <= time + 6n) throw new KinmarkError('gateway.payment-expired', { validBefore })
    if (validBefore > time + BigInt(offerSeconds) + longestSeconds)
      throw new KinmarkError('gateway.payment-too-long', { validBefore })
    const due = await dueOf(asked, payer)
    if (value < due) throw new KinmarkError('gateway.payment-too-low', { value, due })
    const payment: Payment = {
      ...{ payer, nonce, value, validAfter, validBefore, signature, id, requestHash, block },
      ...{ state: 'pending', transaction: null },
    }
    await settler.check(payment)
    const free = value === 0n // it moves nothing, and only proves whose credit is spent
    const taken: Payment = free ? { ...payment, state: 'paid' } : payment
    await books.takePayment(taken)
    return taken
  }

  /** Settles a payment. Throws while its outcome is unknown, and where it can never be made. */
  async function settled(payment: Payment): Promise<Payment> {
    if (payment.state === 'pending') await settler.settle(payment, options.waitMs)
    const now = ((await books.payment(payment.payer, payment.nonce)) ?? { payment }).payment
    if (now.state === 'pending') throw new KinmarkError('gateway.payment-pending')
    if (now.state === 'void') throw new KinmarkError('gateway.payment-void')
    return now
  }

  const responseOf = async (
    payment: Payment,
    url: string,
    stored: StoredReceipt | null,
  ): Promise<Record<string, string>> => {
    const { payer, value, transaction } = payment
    const receipt =
      stored &&
      (await signedReceipt(account, {
        ...{ version: 1, network, resourceUrl: url, payer, issuedAt: Math.floor(Date.now() / 1000) },
        transaction: transaction ?? '',
      }))
    const credit = { credit: `${await creditOf(payer)}`, ...(stored && { receipt: shownReceipt(stored) }) }
    return responseHeaders({
      ...{ success: true, payer, transaction: transaction ?? '', network, amount: `${value}` },
      extensions: { ...(receipt && offerReceiptExtension('receipt', receipt)), kinmark: { info: credit, schema: {} } },
    })
  }

  async function hold(payment: PaymentPayload, asked: Asked) {
    const signed = signedPayment(payment)
    const { accepted, to, value } = signed
    assertOffered(
      { ...accepted, to },
      { network, asset: usd, payTo: account.address, to: account.address, amount: `${value}` },
    )
    const name = nameOf(signed)
    if (running.has(name)) throw new KinmarkError('gateway.payment-busy')
    running.add(name)
    try {
      const payment = await settled(await take(signed, asked))
      const repeat = answers.get(name)
      if (repeat) {
        running.delete(name)
        return { repeat }
      }
      return await holdOf(payment, asked)
    } catch (error) {
      running.delete(name)
      throw error
    }
  }

  async function holdOf(payment: Payment, asked: Asked): Promise<Hold> {
    const { payer, nonce } = payment
    const units = needed(asked)
    const cost = units * price
    await books.onPurse(payer, (purse) => {
      const left = leftOf(purse, purse.paid)
      if (left < cost)
        throw new KinmarkError('gateway.payment-too-low', { value: left / 1_000_000n, due: amountUp(cost) })
      purse.open += cost
    })
    const url = `${origin}${asked.path}`
    const headers = await responseOf(payment, url, null).catch(async (error) => {
      await books.onPurse(payer, (purse) => {
        purse.open -= cost
      })
      throw error
    })
    return {
      ...{ user: payer, units, price, paid: { by: 'purse', owner: payer, payment: nonce } },
      headers,
      receiptHeaders: (stored) => responseOf(payment, url, stored),
      keep: (answer) => answers.keep(nameOf(payment), answer),
      over: () => void running.delete(nameOf(payment)),
    }
  }

  return { name: 'exact', requirements, hold }
}

const nameOf = ({ payer, nonce }: { payer: Address; nonce: Hex }) => `${payer}:${nonce}`

function requestHashOf({ path, bytes }: Asked): Hex {
  return `0x${createHash('sha256').update(path).update('\n').update(bytes).digest('hex')}`
}
