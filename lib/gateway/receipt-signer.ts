import { keccak_256 } from '@noble/hashes/sha3.js'
import { type Address, bytesToHex, type Hex } from 'viem'
import type { Receipt } from '../metering/receipt'
import { receiptHasher, signDigest } from '../metering/signer'
import type { StoredReceipt } from './log/records'

export type ReceiptSigner = {
  /** 32 bytes. */
  hash(receipt: Receipt): Uint8Array
  /** The leaf of the receipt with this hash. */
  leaf(hash: Uint8Array): Uint8Array
  /** A signature is made of key and receipt alone (RFC 6979), so it is the same whenever it is made. */
  sign(hash: Uint8Array): Hex
  /** A receipt of this key whose signature was not stored, with its signature. */
  signed(stored: StoredReceipt): StoredReceipt
}

type Options = { chainId: number; usageLedger: Address; operatorKey: Uint8Array }

export function receiptSigner({ chainId, usageLedger, operatorKey }: Options): ReceiptSigner {
  const hasher = receiptHasher(chainId, usageLedger)
  const sign = (hash: Uint8Array) => bytesToHex(signDigest(hasher.digest(hash), operatorKey))
  return {
    hash: hasher.hash,
    leaf: (hash) => keccak_256(Buffer.concat([Uint8Array.of(0x10), hash])),
    sign,
    signed: (stored) =>
      stored.signature === '0x' ? { ...stored, signature: sign(hasher.hash(stored.receipt)) } : stored,
  }
}
