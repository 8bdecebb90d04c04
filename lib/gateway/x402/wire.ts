import { decodePaymentSignatureHeader, encodePaymentRequiredHeader, encodePaymentResponseHeader } from '@x402/core/http'
import { parsePaymentPayload } from '@x402/core/schemas'
import type { PaymentPayload, PaymentRequired, PaymentRequirements, SettleResponse } from '@x402/core/types'
import { type Address, getAddress, type Hex, isAddress, isHex } from 'viem'
import { z } from 'zod'
import { KinmarkError, messageOf } from '../../error'

/** The headers of x402 v2: https://github.com/coinbase/x402/blob/main/specs/transports-v2/http.md */
export const paymentHeader = 'payment-signature'
export const requiredHeader = 'payment-required'
export const responseHeader = 'payment-response'

/** What a payer has signed (EIP-3009), and what it says it is for. */
export type SignedPayment = {
  accepted: PaymentRequirements
  payer: Address
  to: Address
  /** USDC of 6 decimals. */
  value: bigint
  /** Seconds of the chain’s time. */
  validAfter: bigint
  validBefore: bigint
  nonce: Hex
  signature: Hex
  /** The payer’s own name for the payment; null without one. */
  id: string | null
}

const uint256 = z
  .string()
  .regex(/^(0|[1-9]\d{0,77})$/)
  .transform(BigInt)
  .refine((value) => value < 2n ** 256n, 'must have 256 bits at most')
const address = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), 'is not an address')
  .transform((text) => getAddress(text))
const hexOf = (least: number, most: number) =>
  z
    .custom<Hex>(
      (text) => isHex(text) && text.length % 2 === 0 && text.length >= 2 + 2 * least && text.length <= 2 + 2 * most,
      `must be ${least === most ? least : `${least} to ${most}`} bytes in hex`,
    )
    .transform((hex) => hex.toLowerCase() as Hex)
const schema = z.object({
  signature: hexOf(1, 4096),
  authorization: z.object({
    ...{ from: address, to: address, value: uint256, validAfter: uint256, validBefore: uint256, nonce: hexOf(32, 32) },
  }),
})
const identifier = z.object({ info: z.object({ id: z.string().regex(/^[a-zA-Z0-9_-]{16,128}$/) }) })

/** Reads the header of a payment, of any scheme. Throws `gateway.payment-malformed`. */
export function decodePayment(header: string): PaymentPayload {
  return wellFormed(() => {
    const read = parsePaymentPayload(decodePaymentSignatureHeader(header))
    if (!read.success || read.data.x402Version !== 2) throw new Error('it is no payment of x402 version 2')
    return read.data as PaymentPayload
  })
}

/** Reads a payment of the scheme “exact”. Throws `gateway.payment-malformed`. */
export function signedPayment({ accepted, payload, extensions }: PaymentPayload): SignedPayment {
  return wellFormed(() => {
    const { signature, authorization } = schema.parse(payload)
    const { from, ...rest } = authorization
    const named = extensions?.['payment-identifier'] as { info?: { id?: unknown } } | undefined
    const id = named?.info?.id === undefined ? null : identifier.parse(named).info.id
    return { accepted, payer: from, ...rest, signature, id }
  })
}

function wellFormed<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const reason =
      cause instanceof z.ZodError ? `“${cause.issues[0].path.join('.')}” ${cause.issues[0].message}` : messageOf(cause)
    throw new KinmarkError('gateway.payment-malformed', { reason }, { cause })
  }
}

export function requiredHeaders(required: PaymentRequired): Record<string, string> {
  return { [requiredHeader]: encodePaymentRequiredHeader(required) }
}

export function responseHeaders(settled: SettleResponse): Record<string, string> {
  return { [responseHeader]: encodePaymentResponseHeader(settled) }
}
