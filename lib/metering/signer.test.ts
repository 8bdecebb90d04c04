import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { bytesToHex, type Hex, hashTypedData, hexToBytes, recoverTypedDataAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { type Receipt, receiptHash, receiptTypedData } from './receipt'
import { accountOf, receiptHasher, recoverSigner, signDigest, voucherHasher } from './signer'
import { type Voucher, voucherHash, voucherTypedData } from './voucher'

const { chainId, usageLedger, userLedger, key, signer } = JSON.parse(
  readFileSync(new URL('../../contracts/test/vectors.json', import.meta.url), 'utf8'),
)
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((each) => bytesToHex(each) as Hex)
const copyId = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n })
const receipt: fc.Arbitrary<Receipt> = fc.record({
  ...{ copyId, epoch: uint64, index: uint64, user: bytes(20), promptHash: bytes(32), responseHash: bytes(32) },
  ...{ units: uint64, issuedAt: uint64 },
})
const voucher: fc.Arbitrary<Voucher> = fc.record({
  ...{ copyId, user: bytes(20), cumulativeUnits: uint64, cumulativeAmount: uint64 },
})
const privateKey = hexToBytes(key)

test('default: receipts and vouchers hash as receipt.ts and voucher.ts hash them', () => {
  const [receipts, vouchers] = [receiptHasher(chainId, usageLedger), voucherHasher(chainId, userLedger)]
  fc.assert(
    fc.property(receipt, voucher, (one, other) => {
      expect(bytesToHex(receipts.hash(one))).toBe(receiptHash(one))
      expect(bytesToHex(receipts.digest(receipts.hash(one)))).toBe(
        hashTypedData(receiptTypedData(chainId, usageLedger, one)),
      )
      expect(bytesToHex(vouchers.hash(other))).toBe(voucherHash(other))
      expect(bytesToHex(vouchers.digest(vouchers.hash(other)))).toBe(
        hashTypedData(voucherTypedData(chainId, userLedger, other)),
      )
    }),
    { numRuns: 50 },
  )
})

test('behavior: a signature is recovered here and by viem, and viem’s here', async () => {
  const hasher = voucherHasher(chainId, userLedger)
  const account = privateKeyToAccount(key)
  expect(accountOf(privateKey)).toBe(account.address)
  for (const message of fc.sample(voucher, 5)) {
    const digest = hasher.digest(hasher.hash(message))
    const signature = signDigest(digest, privateKey)
    const typed = voucherTypedData(chainId, userLedger, message)
    expect(await recoverTypedDataAddress({ ...typed, signature: bytesToHex(signature) })).toBe(signer)
    expect(recoverSigner(digest, hexToBytes(await account.signTypedData(typed)))).toBe(signer)
  }
})

test('error: signatures that the contracts refuse, and keys that are none', () => {
  const digest = new Uint8Array(32).fill(7)
  const signature = signDigest(digest, privateKey)
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const higher = order - BigInt(bytesToHex(signature.slice(32, 64)))
  const malleable = Uint8Array.of(
    ...signature.slice(0, 32),
    ...hexToBytes(`0x${higher.toString(16).padStart(64, '0')}`),
    signature[64] === 27 ? 28 : 27,
  )
  expect(recoverSigner(digest, malleable)).toBeNull()
  expect(recoverSigner(digest, signature.slice(0, 64))).toBeNull()
  expect(recoverSigner(digest, Uint8Array.of(...signature.slice(0, 64), signature[64] - 27))).toBeNull()
  expect(recoverSigner(digest, new Uint8Array(65))).toBeNull()
  expect(recoverSigner(new Uint8Array(32), signature)).not.toBe(signer)
  expect(accountOf(new Uint8Array(32))).toBeNull()
})
