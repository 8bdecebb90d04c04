import { bytesToHex } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { merkleProof, merkleTree, provesLeaf } from './tree'

const leavesOf = (count: number) => Array.from({ length: count }, (_, i) => Uint8Array.of(i & 255, i >> 8))

test('default: every leaf of every tree size is proven at its own index only', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat(), (count, a, b) => {
      const leaves = leavesOf(count)
      const tree = merkleTree(leaves)
      const index = a % count
      const other = b % count
      const proof = merkleProof(tree, index)
      expect(provesLeaf(tree.root, leaves[index], proof)).toBe(true)
      expect(provesLeaf(tree.root, leaves[other], proof)).toBe(index === other)
      expect(provesLeaf(tree.root, leaves[index], { ...proof, index: other })).toBe(index === other)
    }),
  )
})

test('behavior: the root commits to the number of leaves, so an odd last leaf cannot be duplicated', () => {
  const three = leavesOf(3)
  expect(merkleTree([...three, three[2]]).root).not.toEqual(merkleTree(three).root)
  const proof = merkleProof(merkleTree(three), 2)
  expect(provesLeaf(merkleTree(three).root, three[2], { ...proof, count: 4 })).toBe(false)
})

test('behavior: a node is not accepted as a leaf', () => {
  const tree = merkleTree(leavesOf(4))
  const [left, right] = tree.layers[1]
  const forged = new Uint8Array([...left, ...right])
  expect(provesLeaf(tree.root, forged, { index: 0, count: 1, siblings: [] })).toBe(false)
})

test('behavior: golden roots, shared with the contracts', () => {
  expect([0, 1, 2, 3, 5].map((count) => bytesToHex(merkleTree(leavesOf(count)).root))).toMatchInlineSnapshot(`
    [
      "f28d766e14bfa9767b97ce2a50d9b632eb10ef9c4aa085943ece3a4fcd5ef287",
      "b21bd89976ea80b9c903ef73f55b31bc8b2601709da5e2a362f28f5a1dd87a3f",
      "6a2f5a82706a2732e592f3e90fda56f8b013f80037e2826f732a8edebf16e0ea",
      "4551a60d9f3c037a83a7afe7515399eda0f8a6c0d0fe3b8a9d97bc30fb65b6e3",
      "d5c9aff4089052fa52654c912c2ba0fc9080122a06abd7c442e451497b04f0f0",
    ]
  `)
})

test('error: an index beyond the leaves', () => {
  expect(() => merkleProof(merkleTree(leavesOf(3)), 3)).toThrow(
    expect.objectContaining({ code: 'merkle.no-such-leaf', facts: { index: 3, count: 3 } }),
  )
})
