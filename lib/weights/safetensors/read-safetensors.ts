import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { isDtype, widthOf } from '../dtype/dtype'
import type { Tensor } from '../tensor'
import { deeperThan } from '../text/deeper-than'
import { duplicateKey } from './duplicate-key'
import { sniffFormat } from './sniff-format'

/** The format allows 100 MB; 25 MB hold the header of a file with as many tensors as the limit allows. */
const headerLimit = 25_000_000
const tensorLimit = 100_000
const dimensionLimit = 8
const depthLimit = 3
const shortest = 10
/** Bytes from which other formats are recognised. */
const sniffed = 32

/**
 * Reads the header of a safetensors file: 8 bytes of little-endian length, JSON, then the tensors' bytes end to end.
 * The file may be hostile, so every value is checked. Only the header is read. Throws `weights.*`.
 */
export async function readSafetensors({ path, bytes }: NamedBytes): Promise<Tensor[]> {
  const { text, length } = await readHeader({ path, bytes })
  const header = parseHeader(path, text)
  const start = 8 + length
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__')
  if (entries.length > tensorLimit)
    throw new KinmarkError('weights.too-many-tensors', { path, count: entries.length, limit: tensorLimit })
  const tensors = entries.map(([name, entry]) => readEntry(path, name, entry, start))
  assertTiled(path, tensors, start, bytes.byteLength)
  return tensors
}

/** The entries of a file's `__metadata__`; empty if it has none. */
export async function readMetadata({ path, bytes }: NamedBytes): Promise<Record<string, string>> {
  const { __metadata__: metadata = {} } = parseHeader(path, (await readHeader({ path, bytes })).text)
  if (!isRecord(metadata)) throw new KinmarkError('weights.metadata-not-object', { path })
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, textOf(value)]))
}

async function readHeader({ path, bytes }: NamedBytes): Promise<{ text: string; length: number }> {
  const { byteLength } = bytes
  if (byteLength === 0) throw new KinmarkError('weights.file-empty', { path })
  const head = await bytes.slice(0, Math.min(sniffed, byteLength))
  const orWrongFormat = (fault: KinmarkError) => {
    const format = sniffFormat(head)
    return format ? new KinmarkError('weights.wrong-format', { path, format }) : fault
  }
  if (head.length < 9)
    throw orWrongFormat(new KinmarkError('weights.safetensors-too-short', { path, byteLength, minimum: shortest }))
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true)
  const available = byteLength - 8
  if (length > BigInt(available))
    throw orWrongFormat(new KinmarkError('weights.header-past-end', { path, length, available }))
  if (length > BigInt(headerLimit))
    throw orWrongFormat(new KinmarkError('weights.header-too-long', { path, length, limit: headerLimit }))
  if (head[8] !== 0x7b) throw orWrongFormat(new KinmarkError('weights.not-safetensors', { path }))
  const raw = await bytes.slice(8, 8 + Number(length))
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(raw), length: Number(length) }
  } catch (cause) {
    throw new KinmarkError('weights.header-not-utf8', { path }, { cause })
  }
}

function parseHeader(path: string, text: string): Record<string, unknown> {
  if (deeperThan(text, depthLimit)) throw new KinmarkError('weights.header-too-deep', { path, limit: depthLimit })
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch (cause) {
    throw new KinmarkError('weights.header-not-json', { path }, { cause })
  }
  if (!isRecord(header)) throw new KinmarkError('weights.header-not-object', { path })
  const name = duplicateKey(text)
  if (name !== null) throw new KinmarkError('weights.listed-twice', { path, name })
  return header
}

function readEntry(path: string, name: string, entry: unknown, start: number): Tensor {
  const where = { tensor: name, path }
  if (!isRecord(entry)) throw new KinmarkError('weights.tensor-not-described', where)
  const { dtype, shape, data_offsets: offsets } = entry
  if (!isDtype(dtype)) throw new KinmarkError('weights.tensor-type-unknown', { ...where, type: textOf(dtype) })
  if (!isSizes(shape) || shape.length > dimensionLimit)
    throw new KinmarkError('weights.shape-invalid', { ...where, limit: dimensionLimit })
  if (!isSizes(offsets) || offsets.length !== 2) throw new KinmarkError('weights.offsets-invalid', where)
  const [begin, end] = offsets
  const width = widthOf(dtype)
  const byteLength = shape.reduce((a, b) => a * BigInt(b), BigInt(width))
  if (end < begin || BigInt(end - begin) !== byteLength)
    throw new KinmarkError('weights.offsets-mismatch', { ...where, shape, type: dtype, byteLength, begin, end })
  return { name, dtype, shape, file: path, offset: start + begin, byteLength: end - begin }
}

/**
 * Checks that the tensors fill the file to its last byte with no gap and no overlap, so that nothing can hide in it.
 */
function assertTiled(path: string, tensors: readonly Tensor[], start: number, fileLength: number): void {
  const sorted = [...tensors].sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength)
  let expected = start
  for (const { name, offset, byteLength } of sorted) {
    const end = offset + byteLength
    if (end > fileLength) throw new KinmarkError('weights.tensor-cut-short', { tensor: name, path, end, fileLength })
    if (offset !== expected)
      throw new KinmarkError('weights.tensors-not-contiguous', { tensor: name, path, begin: offset, expected })
    expected = end
  }
  if (expected !== fileLength) throw new KinmarkError('weights.trailing-bytes', { path, fileLength, end: expected })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value from a header. `String` would throw for an object whose `toString` is not a function. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0)
}
