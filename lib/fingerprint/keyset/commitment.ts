import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { type MerkleTree, merkleTree } from '../../merkle/tree'
import { derive, uint32 } from '../code/secrets'
import type { Preparation } from '../format/preparation'
import { type NearTieKeys, type Prompts, promptsOf } from '../near-ties/near-tie-keys'

type Hex32 = `0x${string}`
type Pool = Pick<Preparation, 'secret'> & { keys: Pick<NearTieKeys, 'prompts' | 'pairs'> }

/** The content of one leaf of a copy’s responses. */
export type Opening = { copyId: string; index: number; key: ArrayLike<number>; response: number; salt: Uint8Array }

/** copyId ‖ index ‖ keyHash ‖ responseHash ‖ salt: five words of 32 bytes, laid out like Solidity’s abi.encode. */
export function leafData({ copyId, index, key, response, salt }: Opening): Uint8Array {
  return concatBytes(
    copyWord(copyId),
    word(BigInt(index)),
    keccak_256(uint32(...Array.from(key))),
    keccak_256(uint32(response)),
    salt,
  )
}

/** A tree with the data of its leaves and their salts. */
type SaltedTree = { root: Hex32; tree: MerkleTree; leaves: Uint8Array[]; salts: Uint8Array[] }

/**
 * The tree of a version’s key pool: one salted leaf per key, with its candidate responses. It is committed to on the chain
 * before the version’s first order, so that no key is chosen after the fact. Its root reveals nothing until a leaf is opened.
 */
export function keyPoolTree({ secret, keys }: Pool): SaltedTree {
  const prompts = promptsOf(keys)
  const salts = prompts.map((_, index) => derive(secret, 'pool salt', [uint32(index)], 32))
  const leaves = prompts.map((prompt, index) =>
    concatBytes(
      word(BigInt(index)),
      keccak_256(uint32(...prompt)),
      keccak_256(uint32(...keys.pairs.subarray(2 * index, 2 * index + 2))),
      salts[index],
    ),
  )
  const tree = merkleTree(leaves)
  return { root: `0x${bytesToHex(tree.root)}`, tree, leaves, salts }
}

/** The root of a copy’s fingerprints names its key pool and its responses, as `contracts/src/lib/Fingerprints.sol` has it. */
export function fingerprintRootOf(keyPoolRoot: Hex32, responsesRoot: Hex32): Hex32 {
  const [pool, responses] = [keyPoolRoot, responsesRoot].map((root) => hexToBytes(root.slice(2)))
  return `0x${bytesToHex(keccak_256(concatBytes(Uint8Array.of(0x20), pool, responses)))}`
}

/** The tree of one copy’s salted leaves, one per key. Its root reveals nothing until a leaf is opened. */
export function responsesTree(
  { secret, keys }: Pick<Preparation, 'secret'> & { keys: Prompts },
  copyId: string,
  responses: Uint32Array,
): SaltedTree {
  const salts = Array.from(responses, (_, index) => derive(secret, 'salt', [utf8ToBytes(copyId), uint32(index)], 32))
  const prompts = promptsOf(keys)
  const leaves = Array.from(responses, (response, index) =>
    leafData({ copyId, index, key: prompts[index], response, salt: salts[index] }),
  )
  const tree = merkleTree(leaves)
  return { root: `0x${bytesToHex(tree.root)}`, tree, leaves, salts }
}

/** A decimal id as its number; any other name as its hash. */
function copyWord(copyId: string): Uint8Array {
  return /^(0|[1-9]\d{0,76})$/.test(copyId) ? word(BigInt(copyId)) : keccak_256(utf8ToBytes(copyId))
}

function word(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, '0'))
}
