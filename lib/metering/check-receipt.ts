import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Address, bytesToHex, type Hex, hexToBytes, recoverTypedDataAddress } from 'viem'
import { z } from 'zod'
import { KinmarkError } from '../error'
import { receiptTypedData } from './receipt'

const hex = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`))
    .transform((text) => text as Hex)
const whole = z
  .string()
  .regex(/^\d{1,78}$/)
  .transform(BigInt)
const uint64 = whole.refine((value) => value < 2n ** 64n)

const schema = z.object({
  id: z.string(),
  receipt: z.object({
    ...{ copyId: whole, epoch: uint64, index: uint64, user: hex(20), promptHash: hex(32), responseHash: hex(32) },
    ...{ units: uint64, issuedAt: uint64 },
  }),
  signature: hex(65),
  salt: hex(32),
  price: whole,
})

export type CheckOptions = {
  chainId: number
  usageLedger: Address
  copyId: bigint
  user: Address
  price: bigint
  /** Whether this account may sign receipts of the copy in this epoch. */
  maySign(operator: Address, epoch: bigint): Promise<boolean>
}

/** SHA-256 of the first piece of text that came, and of all text. */
type TextHashes = { first: Uint8Array; all: Uint8Array }

/**
 * What a call sent and received. `text` is null where only a part of the answer is known, and `request` where who checks does
 * not see it.
 */
export type Exchange = { id: string; units: bigint; request: Uint8Array | null; text: TextHashes | null }

/** Checks a host’s receipt against what was sent and received. Returns its units. Throws `gateway.host-receipt-wrong`. */
export async function checkReceipt(
  shown: Record<string, unknown>,
  exchange: Exchange,
  options: CheckOptions,
): Promise<bigint> {
  const { data } = schema.safeParse(shown)
  if (!data) throw wrong('it cannot be read')
  const { receipt, signature, salt, price } = data
  const expect = (holds: boolean, reason: string) => {
    if (!holds) throw wrong(reason)
  }
  expect(data.id === exchange.id, 'it is of another call')
  expect(receipt.copyId === options.copyId, 'it is of another copy')
  expect(receipt.user.toLowerCase() === options.user.toLowerCase(), 'it is of another user')
  expect(price === options.price, `its price is ${price} instead of ${options.price}`)
  expect(receipt.units <= exchange.units, `it states ${receipt.units} tokens, but the call may cost ${exchange.units}`)
  if (exchange.request)
    expect(receipt.promptHash === pair(hexToBytes(salt), sha256(exchange.request)), 'its prompt is another one')
  if (exchange.text)
    expect(receipt.responseHash === pair(exchange.text.first, exchange.text.all), 'its answer is another one')
  expect(
    /1[bc]$/.test(signature) && BigInt(`0x${signature.slice(66, 130)}`) <= halfOrder,
    'the chain takes no such signature',
  )
  const typed = receiptTypedData(options.chainId, options.usageLedger, receipt)
  const signer = await recoverTypedDataAddress({ ...typed, signature }).catch(() => null)
  expect(signer !== null && (await options.maySign(signer, receipt.epoch)), 'no operator key of the copy has signed it')
  return receipt.units
}

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

const wrong = (reason: string) => new KinmarkError('gateway.host-receipt-wrong', { reason })
const pair = (a: Uint8Array, b: Uint8Array): Hex => bytesToHex(keccak_256(Uint8Array.of(...a, ...b)))
