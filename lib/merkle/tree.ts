import { keccak_256 } from '@noble/hashes/sha3.js'
import { KinmarkError } from '../error'

/**
 * An indexed Merkle tree: a proof includes the leaf’s position, and the root commits to the number of leaves.
 *
 * leaf = keccak(0x00 ‖ data), node = keccak(0x01 ‖ left ‖ right), root = keccak(0x02 ‖ uint64 count ‖ top).
 * The prefixes separate leaves from nodes (RFC 6962 §2.1). An odd last node moves up unchanged; duplicating it would allow
 * two leaf lists with the same root (CVE-2012-2459). The top of the empty tree is 32 zero bytes.
 */
export type MerkleTree = { root: Uint8Array; layers: Uint8Array[][] }

/** Siblings from the bottom up, without an entry for a level at which the node has no sibling. */
export type MerkleProof = { index: number; count: number; siblings: Uint8Array[] }

function prefixed(prefix: number, ...parts: Uint8Array[]): Uint8Array {
  const hash = keccak_256.create().update(Uint8Array.of(prefix))
  for (const part of parts) hash.update(part as Uint8Array<ArrayBuffer>)
  return hash.digest()
}

function rootOf(top: Uint8Array, count: number): Uint8Array {
  const size = new Uint8Array(8)
  new DataView(size.buffer).setBigUint64(0, BigInt(count))
  return prefixed(2, size, top)
}

export function merkleTree(leaves: readonly Uint8Array[]): MerkleTree {
  const layers = [leaves.map((data) => prefixed(0, data))]
  while (layers[layers.length - 1].length > 1) {
    const below = layers[layers.length - 1]
    const above: Uint8Array[] = []
    for (let i = 0; i < below.length; i += 2)
      above.push(i + 1 < below.length ? prefixed(1, below[i], below[i + 1]) : below[i])
    layers.push(above)
  }
  const top = layers[layers.length - 1][0] ?? new Uint8Array(32)
  return { root: rootOf(top, leaves.length), layers }
}

/** Throws `merkle.no-such-leaf`. */
export function merkleProof(tree: MerkleTree, index: number): MerkleProof {
  const count = tree.layers[0].length
  if (!Number.isInteger(index) || index < 0 || index >= count)
    throw new KinmarkError('merkle.no-such-leaf', { index, count })
  const siblings: Uint8Array[] = []
  let at = index
  for (const layer of tree.layers.slice(0, -1)) {
    const sibling = layer[at ^ 1]
    if (sibling) siblings.push(sibling)
    at >>= 1
  }
  return { index, count, siblings }
}

/** Whether `data` is the leaf at `proof.index` of the tree with this root. */
export function provesLeaf(root: Uint8Array, data: Uint8Array, proof: MerkleProof): boolean {
  if (!Number.isInteger(proof.index) || proof.index < 0 || proof.index >= proof.count) return false
  let node = prefixed(0, data)
  let at = proof.index
  let width = proof.count
  const siblings = [...proof.siblings]
  while (width > 1) {
    if ((at ^ 1) < width) {
      const sibling = siblings.shift()
      if (!sibling) return false
      node = at & 1 ? prefixed(1, sibling, node) : prefixed(1, node, sibling)
    }
    at >>= 1
    width = (width + 1) >> 1
  }
  return siblings.length === 0 && equalBytes(rootOf(node, proof.count), root)
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
