import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { LegacyError } from '../../error'
import type { FileEntry } from '../../manifest/manifest'
import type { NamedBytes } from '../bytes'
import { readMetadata, readSafetensors } from '../safetensors/read-safetensors'
import type { TensorTable } from '../tensor'

/** A copy without what it shares with its base: the edited tensors, and which weight files they belong into. */
export type Delta = { base: FileEntry[]; edits: Map<string, Uint8Array> }

const format = '1'
const alignment = 8

/**
 * A delta as a safetensors file of its own: the edited tensors under their names, and in its metadata the base's files
 * and each tensor's SHA-256.
 */
export function encodeDelta({ base, edits }: Delta, tensors: TensorTable): Uint8Array {
  let at = 0
  const entries = [...edits].map(([name, bytes]) => {
    const tensor = tensors.get(name)
    if (!tensor) throw new LegacyError(`The base has no tensor “${name}” to edit.`)
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

/** Reads a delta from anywhere: every tensor is as it was written, or it is refused. */
export async function decodeDelta(file: NamedBytes): Promise<Delta> {
  const tensors = await readSafetensors(file)
  const metadata = await readMetadata(file)
  if (metadata.kinmark_delta !== format)
    throw new LegacyError(
      metadata.kinmark_delta === undefined
        ? `“${file.path}” is no delta: its metadata has no “kinmark_delta”.`
        : `“${file.path}” is a delta of format ${metadata.kinmark_delta.slice(0, 20)}; this program reads format ${format}.`,
    )
  const hashes = fieldOf(file, metadata, 'sha256')
  const edits = new Map<string, Uint8Array>()
  for (const { name, offset, byteLength } of tensors) {
    const bytes = await file.bytes.slice(offset, offset + byteLength)
    const found = bytesToHex(sha256(bytes))
    const wanted = isRecord(hashes) ? hashes[name] : undefined
    if (found !== wanted)
      throw new LegacyError(
        `The tensor “${name.slice(0, 80)}” in “${file.path}” has SHA-256 ${found.slice(0, 12)}…, and its metadata says ${String(wanted).slice(0, 12)}…: the file is damaged.`,
      )
    edits.set(name, bytes)
  }
  const base = fieldOf(file, metadata, 'base')
  if (!Array.isArray(base) || base.length === 0 || !base.every(isEntry))
    throw new LegacyError(`The metadata of “${file.path}” does not name the base's files.`)
  return { base, edits }
}

function fieldOf({ path }: NamedBytes, metadata: Record<string, string>, field: string): unknown {
  try {
    return JSON.parse(metadata[field] ?? '')
  } catch (cause) {
    throw new LegacyError(`“${field}” in the metadata of “${path}” is not JSON.`, { cause })
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
