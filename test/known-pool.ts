import { type Hex, toHex } from 'viem'
import { merkleProof, merkleTree } from '../lib/merkle/tree'

const count = 16
const leaves = Array.from({ length: count }, (_, i) => new TextEncoder().encode(`key ${i} and its candidates`))
const tree = merkleTree(leaves)

/** A key pool whose keys are known, so that a story can open them. */
export const knownPool = { root: toHex(tree.root), count }

/** The keys of one eighth of the pool, with their proofs. */
export function knownKeys(eighth: number): { pooled: Hex; siblings: Hex[] }[] {
  const size = count / 8
  return Array.from({ length: size }, (_, i) => {
    const index = eighth * size + i
    const { siblings } = merkleProof(tree, index)
    return { pooled: toHex(leaves[index]), siblings: siblings.map((sibling) => toHex(sibling)) }
  })
}
