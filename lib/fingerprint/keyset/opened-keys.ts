import { bytesToHex } from '@noble/hashes/utils.js'
import { type MerkleTree, merkleProof } from '../../merkle/tree'
import type { Preparation } from '../format/preparation'
import { copyBits, responsesOf } from '../near-ties/copy-bits'
import { keyPoolTree, responsesTree } from './commitment'
import type { MintedCopy } from './minted-copy'

type Hex = `0x${string}`

/** What a copy’s fingerprint root names, as `IKeyLedger.Codeword`. */
export type Codeword = { poolRoot: Hex; responsesRoot: Hex; count: number }

/** One key with its proofs, as `IKeyLedger.OpenedKey`. */
export type OpenedKey = { pooled: Hex; response: Hex; poolSiblings: Hex[]; responseSiblings: Hex[] }

/** One key of a pool with its proof, as `IParentCases.PooledKey`. */
export type PooledKey = { pooled: Hex; siblings: Hex[] }

/** Codewords and pools are opened in eighths. */
const eighths = 8

/** The keys of one eighth of `count`: from the first to before the last. */
export function eighthOf(count: number, eighth: number): { from: number; to: number } {
  return { from: Math.floor((count * eighth) / eighths), to: Math.floor((count * (eighth + 1)) / eighths) }
}

/** Keys `from` to before `to` of a copy, as a court asks for them. They show hashes and salts, and no prompt. */
export function openedKeys(
  preparation: Preparation,
  { copyId, buyerSeed }: MintedCopy,
  from: number,
  to: number,
): { codeword: Codeword; keys: OpenedKey[] } {
  const { secret, keys: ties } = preparation
  const count = ties.gaps.length
  const pool = keyPoolTree(preparation)
  const responses = responsesTree(
    preparation,
    copyId,
    responsesOf(ties.pairs, copyBits(secret, copyId, buyerSeed, count)),
  )
  return {
    codeword: { poolRoot: pool.root, responsesRoot: responses.root, count },
    keys: Array.from({ length: to - from }, (_, i) => ({
      pooled: hexOf(pool.leaves[from + i]),
      response: hexOf(responses.leaves[from + i]),
      poolSiblings: siblings(pool.tree, from + i),
      responseSiblings: siblings(responses.tree, from + i),
    })),
  }
}

/** Keys `from` to before `to` of a version’s pool. They show hashes and salts, and no prompt. */
export function pooledKeys(
  preparation: Parameters<typeof keyPoolTree>[0],
  from: number,
  to: number,
): { root: Hex; count: number; keys: PooledKey[] } {
  const { root, tree, leaves } = keyPoolTree(preparation)
  const keys = leaves.slice(from, to).map((leaf, i) => ({ pooled: hexOf(leaf), siblings: siblings(tree, from + i) }))
  return { root, count: leaves.length, keys }
}

const hexOf = (bytes: Uint8Array): Hex => `0x${bytesToHex(bytes)}`

const siblings = (tree: MerkleTree, index: number) => merkleProof(tree, index).siblings.map(hexOf)
