import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { type MerkleProof, merkleProof, provesLeaf } from '../../merkle/tree'
import type { Preparation } from '../format/preparation'
import { copyBits, responsesOf } from '../near-ties/copy-bits'
import { fingerprintRootOf, keyPoolTree, leafData, responsesTree } from './commitment'
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
  fingerprintRoot: `0x${string}`
  /** The two that the fingerprint root names. */
  keyPoolRoot: `0x${string}`
  responsesRoot: `0x${string}`
  proofs: DisclosedProof[]
}

export function disclosedKeySet(preparation: Preparation, { copyId, buyerSeed }: MintedCopy): DisclosedKeySet {
  const { secret, keys: ties } = preparation
  const responses = responsesOf(ties.pairs, copyBits(secret, copyId, buyerSeed, ties.gaps.length))
  const { root: responsesRoot, tree, salts } = responsesTree(preparation, copyId, responses)
  const keyPoolRoot = keyPoolTree(preparation).root
  const keys = keySetEntries(preparation).filter(({ disclosed }) => disclosed)
  return {
    ...{ kind: 'disclosed', keys, copyId },
    responses: keys.map(({ index }) => responses[index]),
    fingerprintRoot: fingerprintRootOf(keyPoolRoot, responsesRoot),
    keyPoolRoot,
    responsesRoot,
    proofs: keys.map(({ index }) => {
      const { count, siblings } = merkleProof(tree, index)
      return { salt: bytesToHex(salts[index]), count, siblings: siblings.map((sibling) => bytesToHex(sibling)) }
    }),
  }
}

/** Whether every response is a leaf of what `fingerprintRoot` names, so that the minter cannot have changed it since minting. */
export function verifyProofs(keySet: DisclosedKeySet): boolean {
  const { keys, copyId, responses, fingerprintRoot, keyPoolRoot, responsesRoot, proofs } = keySet
  if (fingerprintRootOf(keyPoolRoot, responsesRoot) !== fingerprintRoot) return false
  const root = hexToBytes(responsesRoot.slice(2))
  return keys.every(({ index, ids }, i) => {
    const { salt, count, siblings } = proofs[i]
    const proof: MerkleProof = { index, count, siblings: siblings.map((sibling) => hexToBytes(sibling)) }
    const opening = { copyId, index, key: ids, response: responses[i], salt: hexToBytes(salt) }
    return provesLeaf(root, leafData(opening), proof)
  })
}
