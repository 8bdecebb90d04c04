import { x402Facilitator } from '@x402/core/facilitator'
import { type FacilitatorClient, x402ResourceServer } from '@x402/core/server'
import type {
  AssetAmount,
  Network,
  PaymentPayload,
  PaymentRequirements,
  Price,
  SchemeNetworkFacilitator,
  SchemeNetworkServer,
} from '@x402/core/types'
import { type Address, parseUnits } from 'viem'
import { KinmarkError } from '../../error'
import { voucherScheme as scheme } from '../../metering/voucher'
import { amountUp } from '../account'
import type { Books } from '../books'
import type { StoredReceipt } from '../log/records'
import type { Asked, Hold } from '../payer'
import { shownReceipt } from '../shown-receipt'
import { holdUnits, readVoucher, type VoucherChecks, voucherChecker } from '../vouchers'
import { assertOffered, mostUnitsOf, offerSeconds, type Scheme } from './scheme'
import { responseHeaders } from './wire'

export type VoucherOptions = {
  books: Books
  checks: VoucherChecks
  usd: Address
  /** The copy’s owner, whom settled vouchers pay. */
  payTo: Address
  /** Signs for the copy: reports its usage, and with it settles vouchers. */
  operator: Address
  /** USDC of 6 decimals for a million units. */
  price: bigint
  /** Tokens that an answer may have where its request names no limit. */
  answerTokens: number
}

/**
 * Vouchers as a scheme of x402, registered with its server and as its facilitator. A payment is the voucher that the header
 * `x-kinmark-voucher` has. It is checked before the answer begins; the money moves when the host settles its vouchers.
 */
export async function voucherScheme(options: VoucherOptions): Promise<Scheme> {
  const { books, checks, usd, payTo, price } = options
  const network: Network = `eip155:${checks.chainId}`
  const facilitator = new x402Facilitator().register(network, voucherFacilitator(checks, options.operator))
  const server = new x402ResourceServer(clientOf(facilitator)).register(network, voucherServer(usd))
  await server.initialize()

  async function requirements(asked: Asked): Promise<PaymentRequirements> {
    const units = mostUnitsOf(asked, options.answerTokens)
    const [built] = await server.buildPaymentRequirements({
      ...{ scheme, network, payTo, maxTimeoutSeconds: offerSeconds },
      price: { asset: usd, amount: `${amountUp(units * price)}` },
      extra: { copyId: `${checks.copyId}`, userLedger: checks.userLedger, price: `${price}`, units: `${units}` },
    })
    return built
  }

  async function hold(payment: PaymentPayload, asked: Asked): Promise<Hold> {
    const offered = await requirements(asked)
    assertAccepted(server, payment, offered)
    const call = readVoucher(payment.payload)
    const needed = mostUnitsOf(asked, options.answerTokens)
    if (call.units < needed) throw new KinmarkError('gateway.voucher-units-low', { units: call.units, needed })
    await server.verifyPayment(payment, offered)
    const { voucher, units } = call
    const { user } = voucher
    await books.onAccount(user, (account) => holdUnits(account, call, price))
    const answered = { success: true, payer: user, transaction: '', network }
    const about = (info: object) => ({ kinmark: { info: { id: asked.receipt, ...info }, schema: {} } })
    return {
      ...{ user, units, price, paid: { by: 'voucher', voucher } },
      streamHeaders: responseHeaders({ ...answered, extensions: about({}) }),
      async receiptHeaders(stored: StoredReceipt) {
        const amount = `${amountUp(stored.receipt.units * price)}`
        const settled = await server.settlePayment(payment, offered, undefined, undefined, { amount })
        return responseHeaders({ ...settled, extensions: about({ receipt: shownReceipt(stored) }) })
      },
    }
  }

  return { name: scheme, requirements, hold }
}

/** Names the field in which a payment differs from what was offered. Throws `gateway.payment-other`. */
function assertAccepted(
  server: x402ResourceServer,
  { accepted, ...payment }: PaymentPayload,
  offered: PaymentRequirements,
) {
  const { extra, network, amount, asset, payTo } = offered
  assertOffered(accepted, { network, amount, asset, payTo })
  assertOffered(accepted.extra ?? {}, extra as Record<string, string>)
  if (!server.findMatchingRequirements([offered], { ...payment, accepted }))
    throw new KinmarkError('gateway.payment-other', { field: 'accepted', given: '', expected: JSON.stringify(offered) })
}

/** What a server of x402 must know of vouchers. A price in words is one in USDC. */
function voucherServer(usd: Address): SchemeNetworkServer {
  return {
    scheme,
    defaultAssetTransferMethod: 'default',
    paymentFlows: { default: { supported: ['authorization'], default: 'authorization' } },
    async parsePrice(price: Price): Promise<AssetAmount> {
      if (typeof price === 'object') return price
      return { asset: usd, amount: `${parseUnits(String(price).replace(/^\$/, ''), 6)}` }
    },
    enhancePaymentRequirements: async (requirements) => requirements,
  }
}

/** Checks vouchers against the chain. Throws `gateway.voucher-*`, which say more than a reason’s name. */
function voucherFacilitator(checks: VoucherChecks, operator: Address): SchemeNetworkFacilitator {
  const check = voucherChecker(checks)
  return {
    scheme,
    caipFamily: 'eip155:*',
    getExtra: () => undefined,
    getSigners: () => [operator],
    async verify({ payload }) {
      const { voucher } = readVoucher(payload)
      await check(voucher)
      return { isValid: true, payer: voucher.user }
    },
    /** Nothing moves now: the host settles the last voucher of each user when it has reported an epoch. */
    async settle({ payload }, { network, amount }) {
      const { voucher } = readVoucher(payload)
      return { success: true, payer: voucher.user, transaction: '', network, amount }
    },
  }
}

/** A facilitator in this process, as a server asks one. */
function clientOf(facilitator: x402Facilitator): FacilitatorClient {
  return {
    verify: (payment, requirements) => facilitator.verify(payment, requirements),
    settle: (payment, requirements) => facilitator.settle(payment, requirements),
    getSupported: async () => facilitator.getSupported() as Awaited<ReturnType<FacilitatorClient['getSupported']>>,
  }
}
