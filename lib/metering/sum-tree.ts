import { keccak_256 } from '@noble/hashes/sha3.js'
import { KinmarkError } from '../error'

/**
 * A Merkle sum tree, as contracts/src/lib/SumTree.sol proves it: a proof shows a leaf's position and its part of the sum.
 *
 * leaf = keccak(0x10 ‖ data), node = keccak(0x11 ‖ left hash ‖ left sum ‖ right hash ‖ right sum),
 * root = keccak(0x12 ‖ count ‖ top hash ‖ top sum), with counts and sums as uint64. A node contains both sums: were only
 * their total hashed, one could be overstated at the other's cost. An odd last node moves up unchanged.
 */
export type SumNode = { hash: Uint8Array; sum: bigint }
export type SumLeaf = { data: Uint8Array; sum: bigint }
export type SumTree = { root: Uint8Array; count: bigint; sum: bigint; layers: SumNode[][] }

const maxSum = 2n ** 64n - 1n

export function sumTree(leaves: readonly SumLeaf[]): SumTree {
  const layers: SumNode[][] = [leaves.map(leafOf)]
  while (layers[layers.length - 1].length > 1) {
    const below = layers[layers.length - 1]
    const above: SumNode[] = []
    for (let i = 0; i < below.length; i += 2)
      above.push(i + 1 < below.length ? parentOf(below[i], below[i + 1]) : below[i])
    layers.push(above)
  }
  const top = layers[layers.length - 1][0] ?? { hash: new Uint8Array(32), sum: 0n }
  if (top.sum > maxSum) throw new RangeError(`The sum of the leaves exceeds 64 bits: ${top.sum}.`)
  const count = BigInt(leaves.length)
  return { root: rootOf(count, top), count, sum: top.sum, layers }
}

/** Siblings from the bottom up; a level at which the node moved up unpaired has none. */
export function sumProof(tree: SumTree, index: number): SumNode[] {
  const count = tree.layers[0].length
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new KinmarkError('merkle.no-such-leaf', { index, count })
  return tree.layers.slice(0, -1).flatMap((layer, height) => layer[(index >> height) ^ 1] ?? [])
}

/** Whether `leaf` is the leaf at `index` of this tree, with this part of its sum. */
export function provesSum(
  { root, count, sum }: { root: Uint8Array; count: bigint; sum: bigint },
  leaf: SumLeaf,
  index: bigint,
  siblings: readonly SumNode[],
): boolean {
  if (index < 0n || index >= count) return false
  let node = leafOf(leaf)
  let position = index
  let used = 0
  for (let width = count; width > 1n; width = (width + 1n) >> 1n) {
    if ((position ^ 1n) < width) {
      const sibling = siblings[used++]
      if (!sibling) return false
      node = position & 1n ? parentOf(sibling, node) : parentOf(node, sibling)
      if (node.sum > maxSum) return false
    }
    position >>= 1n
  }
  return used === siblings.length && node.sum === sum && equalBytes(rootOf(count, node), root)
}

function leafOf({ data, sum }: SumLeaf): SumNode {
  return { hash: tagged(0x10, data), sum }
}

function parentOf(left: SumNode, right: SumNode): SumNode {
  return {
    hash: tagged(0x11, left.hash, uint64(left.sum), right.hash, uint64(right.sum)),
    sum: left.sum + right.sum,
  }
}

function rootOf(count: bigint, top: SumNode): Uint8Array {
  return tagged(0x12, uint64(count), top.hash, uint64(top.sum))
}

function tagged(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const hash = keccak_256.create().update(Uint8Array.of(tag))
  for (const part of parts) hash.update(part as Uint8Array<ArrayBuffer>)
  return hash.digest()
}

function uint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
