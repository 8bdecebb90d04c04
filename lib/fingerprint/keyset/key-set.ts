import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { type MerkleProof, merkleProof, provesLeaf } from '../../merkle/tree'
import { codeBiases, codewordOf } from '../code/code'
import type { Preparation } from '../format/preparation'
import { tokensOf } from '../keys/batch'
import { candidatesPerKey } from '../keys/candidates'
import { responsesOf } from '../targets/responses'
import { fingerprintTree, leafData } from './commitment'

/** Who was given a copy, and with which seed. */
export type MintedCopy = { copyId: string; buyerSeed: Uint8Array }

type KeySetEntry = {
  index: number
  /** Token ids of the prompt. */
  ids: number[]
  /** Token ids of the candidate responses, symbol 0 first. */
  candidates: number[]
  /** Shown to the buyer: no evidence against anybody. */
  disclosed: boolean
}

/** What the model's controller checks a suspect with: every key, and every copy's codeword. JSON-safe, and secret. */
export type OwnerKeySet = {
  kind: 'controller'
  keys: KeySetEntry[]
  nullRate: number
  /** Of the code: how likely an innocent copy has each symbol, [N, symbols]. */
  biases: number[]
  /** Symbols per key, a digit each. */
  copies: { copyId: string; codeword: string }[]
}

type DisclosedProof = { salt: string; count: number; siblings: string[] }

/** What a buyer checks the own copy with: the disclosed keys, their responses, and proofs that they were minted in. */
export type DisclosedKeySet = {
  kind: 'disclosed'
  keys: KeySetEntry[]
  nullRate: number
  copyId: string
  /** Token per key. */
  responses: number[]
  fingerprintRoot: string
  proofs: DisclosedProof[]
}

export type KeySet = OwnerKeySet | DisclosedKeySet

const everyEighth = 8

function isDisclosed(index: number): boolean {
  return index % everyEighth === 0
}

export function ownerKeySet(preparation: Preparation, copies: readonly MintedCopy[]): OwnerKeySet {
  const { secret, keys, cutoff, nullRate } = preparation
  const code = codeBiases(secret, keys.rows, cutoff)
  return {
    kind: 'controller',
    keys: entriesOf(preparation),
    nullRate,
    biases: [...code.chances],
    copies: copies.map(({ copyId, buyerSeed }) => ({
      copyId,
      codeword: codewordOf(secret, code, copyId, buyerSeed).join(''),
    })),
  }
}

/** The keys at some places of a kit, with the code at them. */
export function subset({ biases, copies, keys, ...rest }: OwnerKeySet, places: readonly number[]): OwnerKeySet {
  const symbols = biases.length / keys.length
  return {
    ...rest,
    keys: places.map((i) => keys[i]),
    biases: places.flatMap((i) => biases.slice(i * symbols, (i + 1) * symbols)),
    copies: copies.map(({ copyId, codeword }) => ({ copyId, codeword: places.map((i) => codeword[i]).join('') })),
  }
}

export function disclosedKeySet(preparation: Preparation, { copyId, buyerSeed }: MintedCopy): DisclosedKeySet {
  const { secret, keys: prompts, cutoff, candidates, nullRate } = preparation
  const codeword = codewordOf(secret, codeBiases(secret, prompts.rows, cutoff), copyId, buyerSeed)
  const responses = responsesOf(candidates, codeword)
  const { root, tree, salts } = fingerprintTree(preparation, copyId, responses)
  const keys = entriesOf(preparation).filter(({ disclosed }) => disclosed)
  return {
    ...{ kind: 'disclosed', keys, nullRate, copyId },
    responses: keys.map(({ index }) => responses[index]),
    fingerprintRoot: root,
    proofs: keys.map(({ index }) => {
      const { count, siblings } = merkleProof(tree, index)
      return { salt: bytesToHex(salts[index]), count, siblings: siblings.map((sibling) => bytesToHex(sibling)) }
    }),
  }
}

/** Whether every response in the kit is a leaf of its `fingerprintRoot`: the minter cannot have changed it since. */
export function verifyProofs({ keys, copyId, responses, fingerprintRoot, proofs }: DisclosedKeySet): boolean {
  const root = hexToBytes(fingerprintRoot.slice(2))
  return keys.every(({ index, ids }, i) => {
    const { salt, count, siblings } = proofs[i]
    const proof: MerkleProof = { index, count, siblings: siblings.map((sibling) => hexToBytes(sibling)) }
    const opening = { copyId, index, key: ids, response: responses[i], salt: hexToBytes(salt) }
    return provesLeaf(root, leafData(opening), proof)
  })
}

function entriesOf({ keys, candidates }: Preparation): KeySetEntry[] {
  return Array.from({ length: keys.rows }, (_, index) => ({
    index,
    ids: [...tokensOf(keys, index)],
    candidates: [...candidates.subarray(index * candidatesPerKey, (index + 1) * candidatesPerKey)],
    disclosed: isDisclosed(index),
  }))
}
