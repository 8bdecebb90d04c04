import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { type MerkleTree, merkleTree } from '../../merkle/tree'
import { derive, uint32 } from '../code/secrets'
import type { Preparation } from '../format/preparation'
import { type Prompts, promptsOf } from '../near-ties/near-tie-keys'

/** The content of one leaf of a fingerprint root. */
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

/** The tree of one copy’s salted leaves, one per key. Its root reveals nothing until a leaf is opened. */
export function fingerprintTree(
  { secret, keys }: Pick<Preparation, 'secret'> & { keys: Prompts },
  copyId: string,
  responses: Uint32Array,
): { root: `0x${string}`; tree: MerkleTree; salts: Uint8Array[] } {
  const salts = Array.from(responses, (_, index) => derive(secret, 'salt', [utf8ToBytes(copyId), uint32(index)], 32))
  const prompts = promptsOf(keys)
  const leaves = Array.from(responses, (response, index) =>
    leafData({ copyId, index, key: prompts[index], response, salt: salts[index] }),
  )
  const tree = merkleTree(leaves)
  return { root: `0x${bytesToHex(tree.root)}`, tree, salts }
}

/** A decimal id as its number; any other name as its hash. */
function copyWord(copyId: string): Uint8Array {
  return /^(0|[1-9]\d{0,76})$/.test(copyId) ? word(BigInt(copyId)) : keccak_256(utf8ToBytes(copyId))
}

function word(value: bigint): Uint8Array {
  return hexToBytes(value.toString(16).padStart(64, '0'))
}
