import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { type MerkleProof, merkleProof, provesLeaf } from '../../merkle/tree'
import type { Preparation } from '../format/preparation'
import { copyBits, responsesOf } from '../near-ties/copy-bits'
import { fingerprintTree, leafData } from './commitment'
import { type KeySetEntry, keySetEntries } from './key-set-entry'
import type { MintedCopy } from './minted-copy'

type DisclosedProof = { salt: string; count: number; siblings: string[] }

/**
 * With this a buyer verifies the bought copy: the disclosed keys, the copy’s responses, and proofs that they belong to
 * the fingerprint root on chain. JSON-safe; bytes are hex.
 */
export type DisclosedKeySet = {
  kind: 'disclosed'
  keys: KeySetEntry[]
  copyId: string
  /** Token id per key. */
  responses: number[]
  fingerprintRoot: string
  proofs: DisclosedProof[]
}

export function disclosedKeySet(preparation: Preparation, { copyId, buyerSeed }: MintedCopy): DisclosedKeySet {
  const { secret, keys: ties } = preparation
  const responses = responsesOf(ties.pairs, copyBits(secret, copyId, buyerSeed, ties.gaps.length))
  const { root, tree, salts } = fingerprintTree(preparation, copyId, responses)
  const keys = keySetEntries(preparation).filter(({ disclosed }) => disclosed)
  return {
    ...{ kind: 'disclosed', keys, copyId },
    responses: keys.map(({ index }) => responses[index]),
    fingerprintRoot: root,
    proofs: keys.map(({ index }) => {
      const { count, siblings } = merkleProof(tree, index)
      return { salt: bytesToHex(salts[index]), count, siblings: siblings.map((sibling) => bytesToHex(sibling)) }
    }),
  }
}

/** Whether every response is a leaf of `fingerprintRoot`, so that the minter cannot have changed it since minting. */
export function verifyProofs({ keys, copyId, responses, fingerprintRoot, proofs }: DisclosedKeySet): boolean {
  const root = hexToBytes(fingerprintRoot.slice(2))
  return keys.every(({ index, ids }, i) => {
    const { salt, count, siblings } = proofs[i]
    const proof: MerkleProof = { index, count, siblings: siblings.map((sibling) => hexToBytes(sibling)) }
    const opening = { copyId, index, key: ids, response: responses[i], salt: hexToBytes(salt) }
    return provesLeaf(root, leafData(opening), proof)
  })
}
