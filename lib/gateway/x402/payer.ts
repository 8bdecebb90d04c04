import type { IncomingMessage } from 'node:http'
import { getAddress, isAddress } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { KinmarkError, messageOf } from '../../error'
import type { Asked, Payer } from '../payer'
import { wireErrorOf } from '../wire-error'
import { offerReceiptExtension, signedOffer } from './offer-receipt'
import { offerSeconds, type Scheme } from './scheme'
import { decodePayment, paymentHeader, requiredHeaders } from './wire'

/** Names the account whose credit the offer should take into account. */
export const payerHeader = 'x-kinmark-payer'

export type X402Options = {
  /** In the order in which clients should prefer them. */
  schemes: readonly Scheme[]
  /** Signs the offers of payments to itself. */
  account: PrivateKeyAccount
  copyId: bigint
  /** The public address, without a path. */
  origin: string
}

/** Calls that pay by x402 v2, in one of these schemes. */
export function x402Payer({ schemes, account, copyId, origin }: X402Options): Payer {
  async function refusal({ headers }: IncomingMessage, asked: Asked, error: unknown): Promise<Record<string, string>> {
    if (wireErrorOf(error).status !== 402) return {}
    const hint = String(headers[payerHeader] ?? '')
    const payer = isAddress(hint, { strict: false }) ? getAddress(hint) : null
    const accepts = await Promise.all(schemes.map((scheme) => scheme.requirements(asked, payer)))
    const url = `${origin}${asked.path}`
    const validUntil = Math.floor(Date.now() / 1000) + offerSeconds
    const offers = accepts.flatMap(({ scheme, network, asset, payTo, amount }, index) =>
      payTo === account.address
        ? [
            signedOffer(account, index, {
              ...{ version: 1, resourceUrl: url, scheme, network, asset, payTo, amount, validUntil },
            }),
          ]
        : [],
    )
    return requiredHeaders({
      ...{ x402Version: 2, error: error ? messageOf(error) : `${paymentHeader.toUpperCase()} header is required` },
      resource: { url, description: `An answer of copy ${copyId}`, mimeType: 'application/json' },
      accepts,
      extensions: { ...identifierExtension, ...offerReceiptExtension('offers', await Promise.all(offers)) },
    })
  }

  async function hold({ headers }: IncomingMessage, asked: Asked) {
    const header = headers[paymentHeader]
    if (header === undefined) return null
    const payment = decodePayment(String(header))
    const given = String(payment.accepted.scheme)
    const scheme = schemes.find(({ name }) => name === given)
    if (!scheme) {
      const expected = schemes.map(({ name }) => name).join(' or ')
      throw new KinmarkError('gateway.payment-other', { field: 'scheme', given: given.slice(0, 80), expected })
    }
    return scheme.hold(payment, asked)
  }

  return { hold, refusal }
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
