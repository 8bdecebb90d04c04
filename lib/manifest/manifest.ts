import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import type { z } from 'zod'
import { KinmarkError } from '../error'
import { type MerkleTree, merkleTree } from '../merkle/tree'
import type { fileSchema } from './file-schema'

/** One file of a version or of a copy. */
export type FileEntry = z.infer<typeof fileSchema>

/** Most files of one version. */
export const mostFiles = 1000

const pathLimit = 200
const pathPattern = /^(?!.*(?:^|\/)\.\.?(?:\/|$))[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/

/** Throws for a path that could leave its folder or that some file system cannot store. */
export function assertFilePath(path: string): void {
  if (!isFilePath(path)) throw new KinmarkError('weights.file-name-invalid', { path, limit: pathLimit })
}

export function isFilePath(path: string): boolean {
  return path.length <= pathLimit && pathPattern.test(path)
}

/**
 * The Merkle tree over a folder's files in order of their paths: its root is a version's `manifestRoot` or a copy's
 * `artifactRoot`.
 */
export function manifestTree(files: readonly FileEntry[]): MerkleTree {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  for (const [i, file] of sorted.entries()) {
    assertFilePath(file.path)
    if (i > 0 && sorted[i - 1].path === file.path) throw new KinmarkError('weights.file-twice', { path: file.path })
  }
  return merkleTree(sorted.map(leafOf))
}

/** sha256(path) ‖ uint64 size ‖ sha256(content). The width is fixed, so no two files share a leaf. */
function leafOf(file: FileEntry): Uint8Array {
  const size = new Uint8Array(8)
  new DataView(size.buffer).setBigUint64(0, BigInt(file.size))
  return concatBytes(sha256(utf8ToBytes(file.path)), size, hexToBytes(file.sha256))
}
