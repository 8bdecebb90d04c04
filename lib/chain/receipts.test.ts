import { readFileSync } from 'node:fs'
import { hashTypedData, hexToBytes, recoverTypedDataAddress, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { merkleProof, merkleTree, provesLeaf } from '../merkle/tree'
import {
  promptHash,
  type Receipt,
  type Report,
  receiptHash,
  receiptTypedData,
  reportHash,
  reportTypedData,
  responseHash,
  tokensHash,
} from './receipts'

/** contracts/test/lib/Vectors.t.sol reads the same file. */
const vectors = JSON.parse(readFileSync(new URL('../../contracts/test/vectors.json', import.meta.url), 'utf8'))
const { chainId, usageLedger, key, signer, tokens } = vectors

const numbers = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).map(([name, v]) => [name, typeof v === 'number' ? BigInt(v) : v]))
const { hash: _, digest: __, signature: ___, ...receiptFields } = vectors.receipt
const receipt = numbers(receiptFields) as Receipt
const { hash: ____, digest: _____, signature: ______, ...reportFields } = vectors.report
const report = numbers(reportFields) as Report

test('default: hashes and signatures of tokens, receipts and reports match the contracts', async () => {
  expect(tokensHash(tokens.prompt)).toBe(tokens.keyHash)
  expect(tokensHash(tokens.answer)).toBe(tokens.answerHash)
  expect(promptHash(tokens.salt, tokens.prompt)).toBe(receipt.promptHash)
  expect(responseHash(tokens.answer)).toBe(receipt.responseHash)

  expect(receiptHash(receipt)).toBe(vectors.receipt.hash)
  expect(reportHash(report)).toBe(vectors.report.hash)
  const [signedReceipt, signedReport] = [
    receiptTypedData(chainId, usageLedger, receipt),
    reportTypedData(chainId, usageLedger, report),
  ]
  expect(hashTypedData(signedReceipt)).toBe(vectors.receipt.digest)
  expect(hashTypedData(signedReport)).toBe(vectors.report.digest)
  const { signature } = vectors.receipt
  expect(await privateKeyToAccount(key).signTypedData(signedReceipt)).toBe(signature)
  expect(await recoverTypedDataAddress({ ...signedReceipt, signature })).toBe(signer)
})

test('default: a report’s root is the Merkle root of its receipts', () => {
  const receipts = Array.from({ length: Number(report.count) }, (_, i) => ({ ...receipt, index: BigInt(i) }))
  const tree = merkleTree(receipts.map((each) => hexToBytes(receiptHash(each))))
  expect(toHex(tree.root)).toBe(report.receiptsRoot)
  expect(provesLeaf(tree.root, hexToBytes(receiptHash(receipt)), merkleProof(tree, Number(receipt.index)))).toBe(true)
})

test.each(
  vectors.merkle as {
    count: number
    index: number
    data: `0x${string}`
    siblings: `0x${string}`[]
    root: `0x${string}`
  }[],
)('behavior: golden proof of leaf $index of $count', ({ count, index, data, siblings, root }) => {
  const proof = { count, index, siblings: siblings.map((sibling) => hexToBytes(sibling)) }
  expect(provesLeaf(hexToBytes(root), hexToBytes(data), proof)).toBe(true)
  expect(provesLeaf(hexToBytes(root), hexToBytes(data), { ...proof, index: index + 1 })).toBe(false)
})
