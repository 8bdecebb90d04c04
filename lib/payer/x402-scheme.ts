import type { PaymentPayloadResult, PaymentRequirements, SchemeNetworkClient } from '@x402/core/types'
import { KinmarkError } from '../error'
import { isJson, type Json } from '../gateway/formats/format'
import { voucherScheme as scheme } from '../metering/voucher'
import { amountUp, charge } from './account'
import { voucherJson } from './ask'
import { openHost, type PayerOptions } from './host'

export type VoucherSchemeOptions = PayerOptions & {
  /** Told the host’s receipt of each answer once it was checked. A host that does not report one can be challenged with it. */
  onReceipt?(receipt: Json): Promise<void> | void
}

export type VoucherScheme = SchemeNetworkClient & {
  /** Tells the host what the answers did cost, so that it settles no more than that. Call it when you are done. */
  settleUp(): Promise<void>
}

type ResponseHook = NonNullable<NonNullable<SchemeNetworkClient['schemeHooks']>['onPaymentResponse']>

/** A call whose cost is not known yet. `id` is that of its receipt, once the host has named it. */
type OpenCall = { units: bigint; id: string | null; at: number }

/** Milliseconds after which a call without a receipt is taken to have had no answer. */
const forgottenMs = 3_600_000

/**
 * Vouchers as a scheme that a client of x402 registers: `new x402Client().register('eip155:*', voucherScheme(options))`. A
 * session key signs them, so that neither the chain nor a wallet is asked for an answer. Calls may run at once. Receipts are
 * checked for all but the text, which a scheme does not see; a host with a wrong receipt gets no more payments.
 */
export function voucherScheme(options: VoucherSchemeOptions): VoucherScheme {
  const { account, store } = options
  const { price } = options.host
  const host = openHost(options)
  /** By the total that a call’s voucher states. */
  const open = new Map<bigint, OpenCall>()
  const charged = new Set<string>()
  const inTurn = queue()
  let distrust: unknown = null

  /** The most that calls may cost whose cost is not known yet. */
  const running = (): bigint => [...open.values()].reduce((sum, each) => sum + each.units, 0n)

  async function createPaymentPayload(
    x402Version: number,
    requirements: PaymentRequirements,
  ): Promise<PaymentPayloadResult> {
    const units = unitsOffered(requirements, options)
    if (account().promised === 0n) await ifReachable(host.sync()) // another device may have paid
    await learn()
    if (distrust) throw distrust
    const voucher = await host.promise(units, running())
    open.set(voucher.cumulativeUnits, { units, id: null, at: Date.now() })
    return { x402Version, payload: voucherJson(voucher, units) }
  }

  /** Asks for the receipts of streams, which end after the headers that a scheme sees. */
  async function learn(): Promise<void> {
    for (const [total, { id, at }] of open) {
      const found = id === null ? null : await ifReachable(host.get(`/v1/receipts/${encodeURIComponent(id)}`))
      if (id !== null && found?.status === 200 && isJson(found.json)) await enter(total, id, found.json)
      else if (Date.now() - at > forgottenMs) open.delete(total)
    }
  }

  async function enter(total: bigint, id: string, receipt: Json): Promise<void> {
    const call = open.get(total)
    if (!call) return
    try {
      const cost = await host.check(receipt, { id, units: call.units, request: null, text: null })
      if (charged.has(id)) throw new KinmarkError('gateway.host-receipt-wrong', { reason: 'it was given before' })
      charged.add(id)
      open.delete(total)
      await store(charge(account(), cost, price))
      await options.onReceipt?.(receipt)
    } catch (error) {
      distrust = error
    }
  }

  const onPaymentResponse: ResponseHook = ({ paymentPayload, settleResponse, paymentRequired }) =>
    inTurn(async () => {
      const total = BigInt(String(paymentPayload.payload.cumulativeUnits))
      const { id, receipt } = infoOf(settleResponse?.extensions)
      const call = open.get(total)
      if (call && id !== null) {
        call.id = id
        return receipt ? enter(total, id, receipt) : undefined
      }
      open.delete(total) // nothing was delivered
      if (!call || !paymentRequired) return
      // where nothing runs, the host’s count says what the next voucher must cover
      if (open.size === 0) await host.sync().catch((error) => (distrust = error))
      // vouchers of calls at once may arrive in another order: one covers less than the host has counted meanwhile
      return account().units + running() + call.units > total ? { recovered: true } : undefined
    })

  return {
    scheme,
    schemeHooks: { onPaymentResponse },
    createPaymentPayload: (version, requirements) => inTurn(() => createPaymentPayload(version, requirements)),
    async settleUp() {
      await inTurn(learn)
      await host.settleUp()
    },
  }
}

/** The units for which a payment is asked. Throws `payer.host-differs` where it is not what this host may ask. */
function unitsOffered({ network, amount, extra }: PaymentRequirements, options: VoucherSchemeOptions): bigint {
  const { host, chainId, userLedger } = options
  const { copyId, price, units } = extra as Record<string, unknown>
  const expect = (holds: boolean, field: string) => {
    if (!holds) throw new KinmarkError('payer.host-differs', { field })
  }
  expect(network === `eip155:${chainId}`, 'the chain')
  expect(String(extra.userLedger).toLowerCase() === userLedger.toLowerCase(), 'the contract')
  expect(copyId === `${host.copyId}`, 'the copy')
  expect(price === `${host.price}`, 'the price')
  expect(typeof units === 'string' && /^\d{1,19}$/.test(units), 'the tokens')
  expect(amount === `${amountUp(BigInt(units as string) * host.price)}`, 'the amount')
  return BigInt(units as string)
}

/** What the host says of an answer: the id of its receipt, and the receipt where the answer is whole. */
function infoOf(extensions: Record<string, unknown> | undefined): { id: string | null; receipt: Json | null } {
  const { info } = isJson(extensions?.kinmark) ? extensions.kinmark : {}
  const { id, receipt } = isJson(info) ? info : {}
  return { id: typeof id === 'string' ? id : null, receipt: isJson(receipt) ? receipt : null }
}

/** Null where the host’s address does not answer: another gateway of the copy may be the one that is paid. */
function ifReachable<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch((error) => {
    if (error instanceof KinmarkError && error.code === 'payer.unreachable') return null
    throw error
  })
}

/** Runs one piece of work after the other. */
function queue() {
  let last: Promise<unknown> = Promise.resolve()
  return <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work, work)
    last = done.catch(() => undefined)
    return done
  }
}
