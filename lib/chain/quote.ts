import { type Hex, hashStruct } from 'viem'
import { z } from 'zod'
import { address, bytes32, hex } from './schemas'

const whole = z.union([z.bigint(), z.string().regex(/^\d{1,20}$/)]).transform((value) => BigInt(value))
const uint32 = z.number().int().min(0).max(0xffff_ffff)

/** A minter's promise to mint one order, as `contracts/src/lib/Quotes.sol` has it. In JSON, amounts are decimal strings. */
export const quoteSchema = z.object({
  minter: address,
  modelId: whole,
  version: uint32,
  /** Hash of the model's terms that the quote was made for. */
  termsHash: bytes32,
  /** Only account that may order with it. */
  buyer: address,
  buyerSeedHash: bytes32,
  /** USDC of 6 decimals that the buyer pays the minter, on top of the model's price. */
  fee: uint32,
  /** Seconds from the order within which the copy will be delivered. */
  secondsToDeliver: uint32,
  /** USDC of 6 decimals that the minter pays the buyer if it fails. */
  penalty: whole,
  /** Last second for the order, in protocol time. */
  expiresAt: whole,
  /** Distinguishes quotes that are equal otherwise. */
  salt: bytes32,
})
export type Quote = z.infer<typeof quoteSchema>

export const signedQuoteSchema = z.object({ quote: quoteSchema, signature: hex })
export type SignedQuote = z.infer<typeof signedQuoteSchema>

type InJson<T> = { [Field in keyof T]: T[Field] extends bigint ? string : T[Field] }
/** A signed quote as JSON. */
export type QuoteJson = { quote: InJson<Quote>; signature: Hex }

export function quoteToJson({ quote, signature }: SignedQuote): QuoteJson {
  const { modelId, penalty, expiresAt, ...rest } = quote
  const text = { modelId: String(modelId), penalty: String(penalty), expiresAt: String(expiresAt) }
  return { quote: { ...rest, ...text }, signature }
}

/** EIP-712. */
const quoteTypes = {
  Quote: [
    { name: 'minter', type: 'address' },
    { name: 'modelId', type: 'uint256' },
    { name: 'version', type: 'uint32' },
    { name: 'termsHash', type: 'bytes32' },
    { name: 'buyer', type: 'address' },
    { name: 'buyerSeedHash', type: 'bytes32' },
    { name: 'fee', type: 'uint32' },
    { name: 'secondsToDeliver', type: 'uint32' },
    { name: 'penalty', type: 'uint64' },
    { name: 'expiresAt', type: 'uint64' },
    { name: 'salt', type: 'bytes32' },
  ],
} as const

/** What a minter signs for a buyer. */
export function quoteTypedData(chainId: number, minterRegistry: Hex, message: Quote) {
  const domain = { name: 'Kinmark', version: '1', chainId, verifyingContract: minterRegistry }
  return { domain, types: quoteTypes, primaryType: 'Quote', message } as const
}

export function quoteHash(quote: Quote): Hex {
  return hashStruct({ data: quote, primaryType: 'Quote', types: quoteTypes })
}
