import { keccak_256 } from '@noble/hashes/sha3.js'
import * as secp256k1 from 'tiny-secp256k1'
import { type Address, bytesToHex, domainSeparator, getAddress, type Hex, hexToBytes } from 'viem'
import { domainOf } from './domain'
import type { Receipt } from './receipt'
import type { Voucher } from './voucher'

/** EIP-712 for servers that sign thousands of receipts a second: the hashes of receipt.ts and voucher.ts, from bytes. */
export type StructHasher<T> = {
  /** `hashStruct`: 32 bytes. */
  hash(message: T): Uint8Array
  /** What is signed: 32 bytes. */
  digest(hash: Uint8Array): Uint8Array
}

const receiptType = typeHash(
  'Receipt(uint256 copyId,uint64 epoch,uint64 index,address user,bytes32 promptHash,bytes32 responseHash,uint64 units,uint64 issuedAt)',
)
const voucherType = typeHash('Voucher(uint256 copyId,address user,uint64 cumulativeUnits,uint64 cumulativeAmount)')

export function receiptHasher(chainId: number, usageLedger: Address): StructHasher<Receipt> {
  return hasher(chainId, usageLedger, receiptType, (words, receipt) => {
    words.uint(receipt.copyId)
    words.uint(receipt.epoch)
    words.uint(receipt.index)
    words.hex(receipt.user)
    words.hex(receipt.promptHash)
    words.hex(receipt.responseHash)
    words.uint(receipt.units)
    words.uint(receipt.issuedAt)
  })
}

export function voucherHasher(chainId: number, userLedger: Address): StructHasher<Voucher> {
  return hasher(chainId, userLedger, voucherType, (words, voucher) => {
    words.uint(voucher.copyId)
    words.hex(voucher.user)
    words.uint(voucher.cumulativeUnits)
    words.uint(voucher.cumulativeAmount)
  })
}

type Words = { uint(value: bigint): void; hex(value: Hex): void }

function hasher<T>(
  chainId: number,
  contract: Address,
  type: Uint8Array,
  write: (words: Words, message: T) => void,
): StructHasher<T> {
  const separator = hexToBytes(domainSeparator({ domain: domainOf(chainId, contract) as never }))
  return {
    hash(message) {
      const parts: Uint8Array[] = [type]
      write(
        { uint: (value) => parts.push(wordOf(value)), hex: (value) => parts.push(rightOf(hexToBytes(value))) },
        message,
      )
      return keccak_256(Buffer.concat(parts))
    },
    digest: (hash) => keccak_256(Buffer.concat([Uint8Array.of(0x19, 0x01), separator, hash])),
  }
}

function typeHash(type: string): Uint8Array {
  return keccak_256(new TextEncoder().encode(type))
}

function wordOf(value: bigint): Uint8Array {
  const word = Buffer.alloc(32)
  if (value < 2n ** 64n) word.writeBigUInt64BE(value, 24)
  else word.write(value.toString(16).padStart(64, '0'), 'hex')
  return word
}

function rightOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 32) return bytes
  const word = new Uint8Array(32)
  word.set(bytes, 32 - bytes.length)
  return word
}

/** A signature of 65 bytes: r, s, v, with the lower s. */
export function signDigest(digest: Uint8Array, privateKey: Uint8Array): Uint8Array {
  const { signature, recoveryId } = secp256k1.signRecoverable(digest, privateKey)
  return Uint8Array.of(...signature, 27 + recoveryId)
}

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/**
 * Who signed a digest; null for a signature that the contracts refuse: another length, the higher s, another v.
 * Compact signatures (EIP-2098) are refused too.
 */
export function recoverSigner(digest: Uint8Array, signature: Uint8Array): Address | null {
  if (signature.length !== 65) return null
  const [rs, v] = [signature.slice(0, 64), signature[64]]
  if ((v !== 27 && v !== 28) || BigInt(bytesToHex(rs.slice(32))) > halfOrder) return null
  try {
    const key = secp256k1.recover(digest, rs, (v - 27) as 0 | 1, false)
    return key && addressOf(key)
  } catch {
    return null
  }
}

/** The account of a private key. Null for bytes that are none. */
export function accountOf(privateKey: Uint8Array): Address | null {
  const key = secp256k1.isPrivate(privateKey) ? secp256k1.pointFromScalar(privateKey, false) : null
  return key && addressOf(key)
}

/** `publicKey`: 65 bytes, uncompressed. */
function addressOf(publicKey: Uint8Array): Address {
  return getAddress(bytesToHex(keccak_256(publicKey.slice(1)).slice(12)))
}
