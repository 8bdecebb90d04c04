import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compactSumProof, compactSumTree } from './compact-sum-tree'
import { provesSum, sumProof, sumTree } from './sum-tree'

const leafHash = (data: Uint8Array) => keccak_256(Uint8Array.of(0x10, ...data))

async function bothTrees(units: readonly bigint[]) {
  const leaves = units.map((sum, i) => ({ data: Uint8Array.of(i, i >> 8), sum }))
  const hashes = new Uint8Array(32 * leaves.length)
  for (const [i, { data }] of leaves.entries()) hashes.set(leafHash(data), 32 * i)
  return { leaves, tree: sumTree(leaves), compact: await compactSumTree(hashes, BigUint64Array.from(units)) }
}

test('default: the same roots and proofs as sum-tree.ts', async () => {
  const units = fc.array(fc.bigInt({ min: 0n, max: 2n ** 50n }), { minLength: 1, maxLength: 70 })
  await fc.assert(
    fc.asyncProperty(units, async (sums) => {
      const { leaves, tree, compact } = await bothTrees(sums)
      expect(compact.root).toEqual(tree.root)
      expect([compact.count, compact.sum]).toEqual([tree.count, tree.sum])
      for (const [i, leaf] of leaves.entries()) {
        expect(compactSumProof(compact, i)).toEqual(sumProof(tree, i))
        expect(provesSum(compact, leaf, BigInt(i), compactSumProof(compact, i))).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
})

test('error: sums beyond 64 bits, an index past the end', async () => {
  await expect(bothTrees([2n ** 63n, 2n ** 63n - 1n])).resolves.toBeDefined()
  await expect(compactSumTree(new Uint8Array(64), BigUint64Array.of(2n ** 63n, 2n ** 63n))).rejects.toThrow('64 bits')
  const { compact } = await bothTrees([1n])
  expect(() => compactSumProof(compact, 1)).toThrow(expect.objectContaining({ code: 'merkle.no-such-leaf' }))
})
