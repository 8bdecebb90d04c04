import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { PaymentRequirements } from '@x402/core/types'
import { type Address, getAddress, type Hex, isAddress } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { KinmarkError, messageOf } from '../../error'
import { amountUp } from '../account'
import type { Books } from '../books'
import type { Payment, StoredReceipt } from '../log/records'
import type { Asked, Hold, Payer } from '../payer'
import { leftOf } from '../purse'
import { shownReceipt } from '../shown-receipt'
import { wireErrorOf } from '../wire-error'
import { offerReceiptExtension, signedOffer, signedReceipt } from './offer-receipt'
import { recentAnswers } from './repeats'
import type { Settler } from './settler'
import { decodePayment, paymentHeader, requiredHeaders, responseHeaders, type SignedPayment } from './wire'

/** Names the account whose credit the offer should take into account. */
export const payerHeader = 'x-kinmark-payer'

export type X402Options = {
  books: Books
  settler: Settler
  /** The operator key: it is paid, and signs offers and receipts. */
  account: PrivateKeyAccount
  chainId: number
  usd: Address
  /** The EIP-712 domain of the token. */
  domain: { name: string; version: string }
  copyId: bigint
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

const offerSeconds = 300
const longestSeconds = 3600n

/**
 * Calls that pay by x402 v2, scheme “exact” over EIP-3009. A payment is settled before its answer begins, and fills its
 * payer’s purse with it: what the answer does not cost pays for later ones. A payment that comes again gets the same
 * answer again, or the answer that it has not had yet; money moves once.
 */
export function x402Payer(options: X402Options): Payer {
  const { books, settler, account, chainId, usd, domain, price, least, origin } = options
  const network = `eip155:${chainId}` as const
  const answers = recentAnswers()
  const running = new Set<string>()

  const needed = ({ prompt, most, answers: count }: Asked): bigint =>
    most ?? prompt + BigInt(options.answerTokens) * BigInt(count)
  const creditOf = (payer: Address): Promise<bigint> => books.onPurse(payer, (purse) => leftOf(purse, purse.paid))

  /** What a payment must be at least: nothing where the credit suffices. USDC of 6 decimals. */
  async function dueOf(asked: Asked, payer: Address | null): Promise<bigint> {
    const cost = needed(asked) * price
    const credit = payer ? await creditOf(payer) : 0n
    if (credit >= cost) return 0n
    const due = amountUp(cost - credit)
    return due > least ? due : least
  }

  async function refusal(request: IncomingMessage, asked: Asked, error: unknown): Promise<Record<string, string>> {
    if (wireErrorOf(error).status !== 402) return {}
    const hint = String(request.headers[payerHeader] ?? '')
    const amount = await dueOf(asked, isAddress(hint, { strict: false }) ? getAddress(hint) : null)
    // a client’s clock says when its payment ends, and a local chain’s may be ahead of it
    const ahead = Number((await settler.now()).time) - Math.floor(Date.now() / 1000)
    const requirements: PaymentRequirements = {
      ...{ scheme: 'exact', network, amount: `${amount}`, asset: usd, payTo: account.address },
      ...{ maxTimeoutSeconds: offerSeconds + Math.max(0, ahead), extra: { ...domain, assetTransferMethod: 'eip3009' } },
    }
    const url = `${origin}${asked.path}`
    const signed = await signedOffer(account, {
      ...{ version: 1, resourceUrl: url, scheme: 'exact', network, asset: usd, payTo: account.address },
      ...{ amount: `${amount}`, validUntil: Math.floor(Date.now() / 1000) + offerSeconds },
    })
    return requiredHeaders({
      ...{ x402Version: 2, error: error ? messageOf(error) : `${paymentHeader.toUpperCase()} header is required` },
      resource: { url, description: `An answer of copy ${options.copyId}`, mimeType: 'application/json' },
      accepts: [requirements],
      extensions: { ...identifierExtension, ...offerReceiptExtension('offers', [signed]) },
    })
  }

  /** Throws where a payment is not what was offered. */
  function assertOffered({ accepted, to, value }: SignedPayment): void {
    const expected = {
      scheme: 'exact',
      network,
      asset: usd,
      payTo: account.address,
      to: account.address,
      amount: value,
    }
    const given = { ...accepted, to }
    for (const [field, wanted] of Object.entries(expected)) {
      const found = String(given[field as keyof typeof given] ?? '')
      if (found.toLowerCase() !== String(wanted).toLowerCase())
        throw new KinmarkError('gateway.payment-other', { field, given: found.slice(0, 80), expected: `${wanted}` })
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

  async function hold(request: IncomingMessage, asked: Asked) {
    const header = request.headers[paymentHeader]
    if (header === undefined) return null
    const signed = decodePayment(String(header))
    assertOffered(signed)
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

  return { hold, refusal }
}

const nameOf = ({ payer, nonce }: { payer: Address; nonce: Hex }) => `${payer}:${nonce}`

function requestHashOf({ path, bytes }: Asked): Hex {
  return `0x${createHash('sha256').update(path).update('\n').update(bytes).digest('hex')}`
}

/** https://github.com/coinbase/x402/blob/main/specs/extensions/payment_identifier.md */
const identifierExtension = {
  'payment-identifier': {
    info: { required: false },
    schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { required: { type: 'boolean' }, id: { type: 'string', minLength: 16, maxLength: 128 } },
      required: ['required'],
    },
  },
}
