import { createKeccak } from 'hash-wasm'
import { KinmarkError } from '../error'
import type { SumNode } from './sum-tree'

/** The tree of sum-tree.ts for millions of leaves: each layer is one array of hashes, 32 bytes each, and one of sums. */
export type CompactSumTree = {
  root: Uint8Array
  count: bigint
  sum: bigint
  layers: { hashes: Uint8Array; sums: BigUint64Array }[]
}

/** `hashes`: `keccak(0x10 ‖ data)` of each leaf, 32 bytes each. Throws a RangeError for a sum beyond 64 bits. */
export async function compactSumTree(hashes: Uint8Array, sums: BigUint64Array): Promise<CompactSumTree> {
  const keccak = await createKeccak(256)
  const node = new Uint8Array(81)
  const view = new DataView(node.buffer)
  node[0] = 0x11
  const layers = [{ hashes, sums }]
  let total = 0n
  for (const sum of sums) total += sum
  if (total >= 2n ** 64n) throw new RangeError(`The sum of the leaves exceeds 64 bits: ${total}.`)
  for (let below = layers[0]; below.sums.length > 1; below = layers[layers.length - 1]) {
    const count = below.sums.length
    const width = (count + 1) >> 1
    const above = { hashes: new Uint8Array(32 * width), sums: new BigUint64Array(width) }
    for (let i = 0; i < width; i++) {
      const left = 2 * i
      if (left + 1 === count) {
        above.hashes.set(below.hashes.subarray(32 * left, 32 * left + 32), 32 * i)
        above.sums[i] = below.sums[left]
        continue
      }
      node.set(below.hashes.subarray(32 * left, 32 * left + 32), 1)
      view.setBigUint64(33, below.sums[left])
      node.set(below.hashes.subarray(32 * left + 32, 32 * left + 64), 41)
      view.setBigUint64(73, below.sums[left + 1])
      above.hashes.set(keccak.init().update(node).digest('binary'), 32 * i)
      above.sums[i] = below.sums[left] + below.sums[left + 1]
    }
    layers.push(above)
  }
  const top = layers[layers.length - 1]
  const end = new Uint8Array(49)
  const endView = new DataView(end.buffer)
  end[0] = 0x12
  endView.setBigUint64(1, BigInt(sums.length))
  end.set(top.hashes.subarray(0, 32), 9)
  endView.setBigUint64(41, total)
  return { root: keccak.init().update(end).digest('binary'), count: BigInt(sums.length), sum: total, layers }
}

/** Siblings from the bottom up; a level at which the node moved up unpaired has none. */
export function compactSumProof(tree: CompactSumTree, index: number): SumNode[] {
  const count = tree.layers[0].sums.length
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new KinmarkError('merkle.no-such-leaf', { index, count })
  return tree.layers.slice(0, -1).flatMap(({ hashes, sums }, height) => {
    const sibling = (index >> height) ^ 1
    if (sibling >= sums.length) return []
    return [{ hash: hashes.slice(32 * sibling, 32 * sibling + 32), sum: sums[sibling] }]
  })
}
