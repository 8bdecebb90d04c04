import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { bytesToHex, hashTypedData, hexToBytes, recoverTypedDataAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import {
  feeUp,
  promptHash,
  type Receipt,
  type Report,
  receiptHash,
  receiptTree,
  receiptTypedData,
  reportHash,
  reportTypedData,
  responseHash,
  tokensHash,
} from './receipt'
import { provesSum, sumProof, sumTree } from './sum-tree'
import { releasedDown, type Voucher, voucherHash, voucherTypedData } from './voucher'

/** The same file is read by contracts/test/lib/Vectors.t.sol. */
const vectors = JSON.parse(readFileSync(new URL('../../contracts/test/vectors.json', import.meta.url), 'utf8'))
const { chainId, usageLedger, userLedger, key, signer, tokens } = vectors

function fieldsOf<T>({ hash: _, digest: __, signature: ___, ...fields }: Record<string, unknown>): T {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'number' ? BigInt(value) : value]),
  ) as T
}

const receipt = fieldsOf<Receipt>(vectors.receipt)
const report = fieldsOf<Report>(vectors.report)
const voucher = fieldsOf<Voucher>(vectors.voucher)

test('default: tokens, receipts, reports and vouchers hash and sign as the contracts have it', async () => {
  expect(tokensHash(tokens.prompt)).toBe(tokens.keyHash)
  expect(tokensHash(tokens.answer)).toBe(tokens.answerHash)
  expect(promptHash(tokens.salt, tokens.prompt)).toBe(receipt.promptHash)
  expect(responseHash(tokens.answer)).toBe(receipt.responseHash)
  expect(receiptHash(receipt)).toBe(vectors.receipt.hash)
  expect(reportHash(report)).toBe(vectors.report.hash)
  expect(voucherHash(voucher)).toBe(vectors.voucher.hash)

  const signedReceipt = receiptTypedData(chainId, usageLedger, receipt)
  const signedReport = reportTypedData(chainId, usageLedger, report)
  const signedVoucher = voucherTypedData(chainId, userLedger, voucher)
  expect(hashTypedData(signedReceipt)).toBe(vectors.receipt.digest)
  expect(hashTypedData(signedReport)).toBe(vectors.report.digest)
  expect(hashTypedData(signedVoucher)).toBe(vectors.voucher.digest)
  const account = privateKeyToAccount(key)
  expect(await account.signTypedData(signedReceipt)).toBe(vectors.receipt.signature)
  expect(await account.signTypedData(signedVoucher)).toBe(vectors.voucher.signature)
  const { signature } = vectors.voucher
  expect(await recoverTypedDataAddress({ ...signedVoucher, signature })).toBe(signer)
})

test('default: a report is count, sum and root of its receipts', () => {
  const receipts = Array.from({ length: Number(report.count) }, (_, i) => ({
    ...receipt,
    index: BigInt(i),
    units: receipt.units + BigInt(i) - receipt.index,
  }))
  const tree = receiptTree(receipts)
  expect(bytesToHex(tree.root)).toBe(report.receiptsRoot)
  expect(tree.sum).toBe(report.units)
  const leaf = { data: hexToBytes(receiptHash(receipt)), sum: receipt.units }
  expect(provesSum(tree, leaf, receipt.index, sumProof(tree, Number(receipt.index)))).toBe(true)
})

type Golden = Record<'hashes' | 'sums', `0x${string}`[]> &
  Record<'data' | 'root', `0x${string}`> &
  Record<'count' | 'index' | 'sum' | 'units', number>

test.each(vectors.sums as Golden[])('behavior: golden proof of leaf $index of $count', (golden) => {
  const tree = { root: hexToBytes(golden.root), count: BigInt(golden.count), sum: BigInt(golden.sum) }
  const leaf = { data: hexToBytes(golden.data), sum: BigInt(golden.units) }
  const siblings = golden.hashes.map((hash, i) => ({ hash: hexToBytes(hash), sum: BigInt(golden.sums[i]) }))
  const index = BigInt(golden.index)
  expect(provesSum(tree, leaf, index, siblings)).toBe(true)
  expect(provesSum(tree, leaf, index + 1n, siblings)).toBe(false)
  expect(provesSum({ ...tree, sum: tree.sum + 1n }, leaf, index, siblings)).toBe(false)
  expect(provesSum(tree, { ...leaf, sum: leaf.sum + 1n }, index, siblings)).toBe(false)
})

test('behavior: every leaf is proven at its own index with its own sum, and no sum can be moved to another leaf', () => {
  const tree_ = fc.array(fc.bigInt({ min: 0n, max: 2n ** 50n }), { minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(tree_, fc.nat(), fc.nat(), fc.bigInt({ min: 1n, max: 1000n }), (sums, a, b, moved) => {
      const leaves = sums.map((sum, i) => ({ data: Uint8Array.of(i), sum }))
      const tree = sumTree(leaves)
      const [index, other] = [a % sums.length, b % sums.length]
      const siblings = sumProof(tree, index)
      expect(tree.sum).toBe(sums.reduce((total, sum) => total + sum, 0n))
      expect(provesSum(tree, leaves[index], BigInt(index), siblings)).toBe(true)
      expect(provesSum(tree, leaves[other], BigInt(other), siblings)).toBe(index === other)
      if (siblings.length === 0) return
      const shifted = [{ ...siblings[0], sum: siblings[0].sum - moved }, ...siblings.slice(1)]
      if (shifted[0].sum < 0n) return
      const overstated = { ...leaves[index], sum: leaves[index].sum + moved }
      expect(provesSum(tree, overstated, BigInt(index), shifted)).toBe(false)
    }),
  )
})

test('error: sums beyond 64 bits, an index past the end', () => {
  const half = 2n ** 63n
  const leaves = [half, half].map((sum, i) => ({ data: Uint8Array.of(i), sum }))
  expect(() => sumTree(leaves)).toThrow('The sum of the leaves exceeds 64 bits')
  expect(() => sumProof(sumTree([]), 0)).toThrow(
    expect.objectContaining({ code: 'merkle.no-such-leaf', facts: { index: 0, count: 0 } }),
  )
})

test.each(vectors.fees as Record<'units' | 'feePerMillion' | 'fee', number>[])(
  'behavior: $units units at $feePerMillion a million cost $fee, rounded up once',
  ({ units, feePerMillion, fee }) => expect(feeUp(BigInt(units), BigInt(feePerMillion))).toBe(BigInt(fee)),
)

type Settlement = Record<'cumulativeUnits' | 'cumulativeAmount' | 'units' | 'released', number>

test.each(vectors.settlements as Settlement[])(
  'behavior: $units of $cumulativeUnits units of a voucher for $cumulativeAmount release $released, rounded down',
  ({ units, released, ...promised }) => {
    const [cumulativeUnits, cumulativeAmount] = [promised.cumulativeUnits, promised.cumulativeAmount].map(BigInt)
    expect(releasedDown({ ...voucher, cumulativeUnits, cumulativeAmount }, BigInt(units))).toBe(BigInt(released))
  },
)

test('behavior: a voucher for no units releases nothing', () => {
  expect(releasedDown({ ...voucher, cumulativeUnits: 0n }, 0n)).toBe(0n)
})
