import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { KinmarkError } from '../../error'
import type { FileEntry } from '../../manifest/manifest'
import type { NamedBytes } from '../bytes'
import { readMetadata, readSafetensors } from '../safetensors/read-safetensors'
import type { TensorTable } from '../tensor'

/** The difference between a copy and its base: the edited tensors, and the base's weight files. */
export type Delta = { base: FileEntry[]; edits: Map<string, Uint8Array> }

const format = '1'
const alignment = 8

/**
 * Encodes a delta as a safetensors file: the edited tensors under their names, and in its metadata the base's files and
 * each tensor's SHA-256. `tensors` are the base's.
 */
export function encodeDelta({ base, edits }: Delta, tensors: TensorTable): Uint8Array {
  let at = 0
  const entries = [...edits].map(([name, bytes]) => {
    const tensor = tensors.get(name)
    if (!tensor) throw new KinmarkError('weights.tensor-unknown', { tensor: name })
    const begin = at
    at += bytes.length
    return [name, { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, at] }] as const
  })
  const metadata = {
    kinmark_delta: format,
    base: JSON.stringify(base),
    sha256: JSON.stringify(Object.fromEntries([...edits].map(([name, bytes]) => [name, bytesToHex(sha256(bytes))]))),
  }
  const json = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) })
  const text = utf8ToBytes(json)
  const padded = new Uint8Array(Math.ceil(text.length / alignment) * alignment).fill(0x20)
  padded.set(text)
  const length = new Uint8Array(8)
  new DataView(length.buffer).setBigUint64(0, BigInt(padded.length), true)
  return concatBytes(length, padded, ...edits.values())
}

/** Reads a delta and checks the hash of each tensor. Throws `weights.*`. */
export async function decodeDelta(file: NamedBytes): Promise<Delta> {
  const tensors = await readSafetensors(file)
  const metadata = await readMetadata(file)
  const { path } = file
  const declared = metadata.kinmark_delta
  if (declared === undefined) throw new KinmarkError('weights.not-delta', { path })
  if (declared !== format)
    throw new KinmarkError('weights.delta-format-unsupported', { path, format: declared, supported: format })
  const hashes = fieldOf(file, metadata, 'sha256')
  const edits = new Map<string, Uint8Array>()
  for (const { name, offset, byteLength } of tensors) {
    const bytes = await file.bytes.slice(offset, offset + byteLength)
    const found = bytesToHex(sha256(bytes))
    const listed = isRecord(hashes) ? hashes[name] : undefined
    const expected = typeof listed === 'string' ? listed : null
    if (found !== expected) throw new KinmarkError('weights.hash-mismatch', { tensor: name, path, found, expected })
    edits.set(name, bytes)
  }
  const base = fieldOf(file, metadata, 'base')
  if (!Array.isArray(base) || base.length === 0 || !base.every(isEntry))
    throw new KinmarkError('weights.delta-base-invalid', { path })
  return { base, edits }
}

function fieldOf({ path }: NamedBytes, metadata: Record<string, string>, field: string): unknown {
  try {
    return JSON.parse(metadata[field] ?? '')
  } catch (cause) {
    throw new KinmarkError('weights.metadata-field-not-json', { path, field }, { cause })
  }
}

function isEntry(value: unknown): value is FileEntry {
  return isRecord(value) && typeof value.path === 'string' && Number.isSafeInteger(value.size) && isHash(value.sha256)
}

function isHash(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
