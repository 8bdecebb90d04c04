import { readFileSync } from 'node:fs'
import { bytesToHex } from '@noble/hashes/utils.js'
import { encodeAbiParameters, keccak256, numberToHex, stringToHex, toHex } from 'viem'
import { expect, test } from 'vitest'
import { merkleProof, provesLeaf } from '../../merkle/tree'
import { batchOf } from '../keys/batch'
import { fingerprintRootOf, keyPoolTree, leafData, responsesTree } from './commitment'

const secret = new Uint8Array(32).fill(1)
const keys = batchOf([
  [1, 2],
  [3, 4],
  [5, 6],
])
const salt = new Uint8Array(32).fill(9)

function encoded(copy: bigint) {
  const words = (...ids: number[]) => keccak256(`0x${ids.map((id) => numberToHex(id, { size: 4 }).slice(2)).join('')}`)
  return encodeAbiParameters(
    [{ type: 'uint256' }, { type: 'uint256' }, { type: 'bytes32' }, { type: 'bytes32' }, { type: 'bytes32' }],
    [copy, 1n, words(3, 4), words(7), toHex(salt)],
  )
}

test('default: a leaf is laid out like abi.encode', () => {
  const leaf = leafData({ copyId: '12', index: 1, key: [3, 4], response: 7, salt })
  expect(toHex(leaf)).toBe(encoded(12n))
})

test('behavior: a copy id that is not a decimal number is hashed', () => {
  const leaf = leafData({ copyId: '012', index: 1, key: [3, 4], response: 7, salt })
  expect(toHex(leaf)).toBe(encoded(BigInt(keccak256(stringToHex('012')))))
})

test('behavior: every leaf is proven, and salts differ between keys and copies', () => {
  const responses = Uint32Array.of(7, 8, 9)
  const { root, tree, salts } = responsesTree({ secret, keys: { prompts: [keys] } }, '1', responses)
  expect(root).toBe(`0x${bytesToHex(tree.root)}`)
  for (let index = 0; index < 3; index++) {
    const opening = { copyId: '1', index, key: keys.ids.subarray(2 * index, 2 * index + 2), response: responses[index] }
    const proof = merkleProof(tree, index)
    expect(provesLeaf(tree.root, leafData({ ...opening, salt: salts[index] }), proof)).toBe(true)
    expect(provesLeaf(tree.root, leafData({ ...opening, response: 1, salt: salts[index] }), proof)).toBe(false)
  }
  const other = responsesTree({ secret, keys: { prompts: [keys] } }, '2', responses)
  expect(new Set([...salts, ...other.salts].map(bytesToHex)).size).toBe(6)
})

test('default: a fingerprint root names the key pool and the responses, as the contracts have it', () => {
  const file = new URL('../../../contracts/test/vectors.json', import.meta.url)
  const { keyPoolRoot, responsesRoot, root } = JSON.parse(readFileSync(file, 'utf8')).fingerprints
  expect(fingerprintRootOf(keyPoolRoot, responsesRoot)).toBe(root)
  expect(fingerprintRootOf(responsesRoot, keyPoolRoot)).not.toBe(root)
})

test('behavior: a key pool commits to every key and its candidates, in this order, and hides them behind salts', () => {
  const pairs = Uint32Array.of(1, 2, 3, 4, 5, 6)
  const pool = (changes: object = {}) => keyPoolTree({ secret, keys: { prompts: [keys], pairs, ...changes } })
  expect(pool().root).toBe(pool().root)
  const others = [
    pool({ pairs: Uint32Array.of(1, 2, 3, 4, 6, 5) }),
    pool({
      prompts: [
        batchOf([
          [3, 4],
          [1, 2],
          [5, 6],
        ]),
      ],
    }),
    keyPoolTree({ secret: new Uint8Array(32).fill(2), keys: { prompts: [keys], pairs } }),
  ]
  for (const { root } of others) expect(root).not.toBe(pool().root)
  expect(new Set(pool().salts.map(bytesToHex)).size).toBe(3)
})
