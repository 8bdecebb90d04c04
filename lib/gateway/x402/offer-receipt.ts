import type { TypedDataDomain } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'

/**
 * The signed offers and receipts of x402, in their EIP-712 format:
 * https://github.com/coinbase/x402/blob/main/specs/extensions/extension-offer-and-receipt.md. The signer is the account
 * that is paid.
 */
const offerReceipt = 'offer-receipt'

const string = (name: string) => ({ name, type: 'string' })
const uint = (name: string) => ({ name, type: 'uint256' })
const offerTypes = {
  Offer: [
    ...[uint('version'), string('resourceUrl'), string('scheme'), string('network'), string('asset')],
    ...[string('payTo'), string('amount'), uint('validUntil')],
  ],
}
const receiptTypes = {
  Receipt: [
    ...[uint('version'), string('network'), string('resourceUrl'), string('payer'), uint('issuedAt')],
    string('transaction'),
  ],
}

/** Its chain is always 1, whatever the network of the payment. */
const domainOf = (name: string): TypedDataDomain => ({ name, version: '1', chainId: 1 })

type Offer = {
  version: 1
  resourceUrl: string
  scheme: string
  network: string
  asset: string
  payTo: string
  amount: string
  /** Unix seconds; 0 for no end. */
  validUntil: number
}

type ReceiptOfPayment = {
  version: 1
  network: string
  resourceUrl: string
  payer: string
  /** Unix seconds. */
  issuedAt: number
  /** Empty where the payment moved no money. */
  transaction: string
}

const bigints = <T extends object>(payload: T) =>
  Object.fromEntries(Object.entries(payload).map(([k, v]) => [k, typeof v === 'number' ? BigInt(v) : v]))

/** The offer at this place among those that are accepted. */
export async function signedOffer(account: PrivateKeyAccount, acceptIndex: number, payload: Offer) {
  const signature = await account.signTypedData({
    ...{ domain: domainOf('x402 offer'), types: offerTypes, primaryType: 'Offer' as const },
    message: bigints(payload) as never,
  })
  return { format: 'eip712' as const, acceptIndex, payload, signature }
}

export async function signedReceipt(account: PrivateKeyAccount, payload: ReceiptOfPayment) {
  const signature = await account.signTypedData({
    ...{ domain: domainOf('x402 receipt'), types: receiptTypes, primaryType: 'Receipt' as const },
    message: bigints(payload) as never,
  })
  return { format: 'eip712' as const, payload, signature }
}

const signedSchema = (field: string) => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: { [field]: field === 'offers' ? { type: 'array', items: { type: 'object' } } : { type: 'object' } },
  required: [field],
})

/** The extension as it stands in a demand for payment, or in a settlement. */
export function offerReceiptExtension(field: 'offers' | 'receipt', value: unknown) {
  return { [offerReceipt]: { info: { [field]: value }, schema: signedSchema(field) } }
}
