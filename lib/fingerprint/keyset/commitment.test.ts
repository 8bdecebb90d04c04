import { bytesToHex } from '@noble/hashes/utils.js'
import { encodeAbiParameters, keccak256, numberToHex, stringToHex, toHex } from 'viem'
import { expect, test } from 'vitest'
import { merkleProof, provesLeaf } from '../../merkle/tree'
import { batchOf } from '../keys/batch'
import { fingerprintTree, leafData } from './commitment'

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
  const { root, tree, salts } = fingerprintTree({ secret, keys: { prompts: [keys] } }, '1', responses)
  expect(root).toBe(`0x${bytesToHex(tree.root)}`)
  for (let index = 0; index < 3; index++) {
    const opening = { copyId: '1', index, key: keys.ids.subarray(2 * index, 2 * index + 2), response: responses[index] }
    const proof = merkleProof(tree, index)
    expect(provesLeaf(tree.root, leafData({ ...opening, salt: salts[index] }), proof)).toBe(true)
    expect(provesLeaf(tree.root, leafData({ ...opening, response: 1, salt: salts[index] }), proof)).toBe(false)
  }
  const other = fingerprintTree({ secret, keys: { prompts: [keys] } }, '2', responses)
  expect(new Set([...salts, ...other.salts].map(bytesToHex)).size).toBe(6)
})
