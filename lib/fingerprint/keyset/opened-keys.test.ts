import { hexToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { provesLeaf } from '../../merkle/tree'
import { batchOf } from '../keys/batch'
import { fingerprintRootOf } from './commitment'
import { jurorKeySet } from './juror-key-set'
import { eighthOf, openedKeys, pooledKeys } from './opened-keys'

const count = 20
const prompts = [batchOf(Array.from({ length: count }, (_, i) => [i, i + 1]))]
const pairs = Uint32Array.from({ length: 2 * count }, (_, i) => i)
const preparation = {
  secret: new Uint8Array(32).fill(1),
  keys: { prompts, pairs, gaps: new Float32Array(count) },
} as unknown as Parameters<typeof openedKeys>[0]
const copy = { copyId: '7', buyerSeed: new Uint8Array(32).fill(2) }
const bytes = (hex: string) => hexToBytes(hex.slice(2))

test('default: the eighths cover all keys once', () => {
  for (const keys of [0, 1, 7, 8, 9, 1023, 1024]) {
    const parts = Array.from({ length: 8 }, (_, eighth) => eighthOf(keys, eighth))
    expect(parts[0].from).toBe(0)
    expect(parts[7].to).toBe(keys)
    for (let i = 1; i < 8; i++) expect(parts[i].from).toBe(parts[i - 1].to)
  }
})

test('default: opened keys are proven under the copy’s two roots', () => {
  const { codeword, keys } = openedKeys(preparation, copy, 5, 9)
  expect(codeword.count).toBe(count)
  expect(fingerprintRootOf(codeword.poolRoot, codeword.responsesRoot)).toMatch(/^0x[0-9a-f]{64}$/)
  keys.forEach(({ pooled, response, poolSiblings, responseSiblings }, i) => {
    const proof = (siblings: string[]) => ({ index: 5 + i, count, siblings: siblings.map(bytes) })
    expect(provesLeaf(bytes(codeword.poolRoot), bytes(pooled), proof(poolSiblings))).toBe(true)
    expect(provesLeaf(bytes(codeword.responsesRoot), bytes(response), proof(responseSiblings))).toBe(true)
    expect(provesLeaf(bytes(codeword.responsesRoot), bytes(pooled), proof(responseSiblings))).toBe(false)
  })
})

test('default: keys of a pool are proven under its root', () => {
  const { root, count: all, keys } = pooledKeys(preparation, 5, 9)
  expect(all).toBe(count)
  expect(keys).toHaveLength(4)
  expect(root).toBe(openedKeys(preparation, copy, 0, 1).codeword.poolRoot)
  keys.forEach(({ pooled, siblings }, i) => {
    const proofAt = (index: number) => ({ index, count, siblings: siblings.map(bytes) })
    expect(provesLeaf(bytes(root), bytes(pooled), proofAt(5 + i))).toBe(true)
    expect(provesLeaf(bytes(root), bytes(pooled), proofAt(6 + i))).toBe(false)
  })
})

test('behavior: another copy’s responses differ under the same pool', () => {
  const [one, other] = [copy, { ...copy, copyId: '8' }].map((minted) => openedKeys(preparation, minted, 0, 1).codeword)
  expect(one.poolRoot).toBe(other.poolRoot)
  expect(one.responsesRoot).not.toBe(other.responsesRoot)
})

test('behavior: a juror gets the keys of the drawn eighth that buyers do not see', () => {
  const { keys, responses } = jurorKeySet(preparation, copy, 0)
  expect(keys.map(({ index }) => index)).toEqual([1])
  expect(keys[0].pair).toContain(responses[0])
})
