import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { widthOf } from '../dtype/dtype'
import type { Tensor } from '../tensor'
import { blockOf, isBlockDtype } from './blocks/blocks'
import { type Cursor, cursorOf, type GgufValue, OutOfBytes } from './values'

/** A GGUF file's header. Tensors keep the names of the file; shapes are in row-major order, as in safetensors. */
export type Gguf = { path: string; metadata: ReadonlyMap<string, GgufValue>; tensors: Tensor[] }

const firstRead = 262_144
const headerLimit = 67_108_864
const valueLimit = 4096
const tensorLimit = 100_000
const nameLimit = 200
const dimensionLimit = 4
const alignmentLimit = 65_536
const magic = 0x46554747
const versions = [1, 2, 3]
const swapped = (value: number) => new DataView(Uint32Array.of(value).buffer).getUint32(0, false)

const dtypes: Readonly<Record<number, Tensor['dtype']>> = {
  ...{ 0: 'F32', 1: 'F16', 2: 'Q4_0', 3: 'Q4_1', 6: 'Q5_0', 7: 'Q5_1', 8: 'Q8_0', 10: 'Q2_K', 11: 'Q3_K', 12: 'Q4_K' },
  ...{ 13: 'Q5_K', 14: 'Q6_K', 20: 'IQ4_NL', 23: 'IQ4_XS', 30: 'BF16', 39: 'MXFP4' },
}
/** Names of types that cannot be read, for the error. */
const unreadDtypes: Readonly<Record<number, string>> = {
  ...{ 9: 'Q8_1', 15: 'Q8_K', 16: 'IQ2_XXS', 17: 'IQ2_XS', 18: 'IQ3_XXS', 19: 'IQ1_S', 21: 'IQ3_S', 22: 'IQ2_S' },
  ...{ 24: 'I8', 25: 'I16', 26: 'I32', 27: 'I64', 28: 'F64', 29: 'IQ1_M', 34: 'TQ1_0', 35: 'TQ2_0', 40: 'NVFP4' },
  ...{ 41: 'Q1_0', 42: 'Q2_0' },
}

/**
 * Reads the header of a GGUF file of version 1 to 3: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md; version
 * 1 has counts of 32 bits. The file may be hostile, so every value is checked. The format does not state the header's
 * length, so ever longer prefixes of the file are read until one contains the whole header. `long` reads the
 * tokenizer's lists too. Throws `weights.*`.
 */
export async function readGguf({ path, bytes }: NamedBytes, long = false): Promise<Gguf> {
  const longest = Math.min(bytes.byteLength, headerLimit)
  for (let length = Math.min(firstRead, longest); ; length = Math.min(4 * length, longest)) {
    try {
      return readHeader(path, await bytes.slice(0, length), bytes.byteLength, long)
    } catch (error) {
      if (!(error instanceof OutOfBytes)) throw error
      if (length === bytes.byteLength)
        throw new KinmarkError('weights.header-cut-short', { path, byteLength: length }, { cause: error })
      if (length === longest)
        throw new KinmarkError('weights.header-too-long', { path, length: null, limit: headerLimit }, { cause: error })
    }
  }
}

function readHeader(path: string, head: Uint8Array, fileLength: number, long: boolean): Gguf {
  const cursor = cursorOf(path, head, long)
  if (cursor.u32() !== magic) throw new KinmarkError('weights.not-gguf', { path })
  const version = cursor.u32()
  if (versions.includes(swapped(version))) throw new KinmarkError('weights.gguf-big-endian', { path })
  if (!versions.includes(version))
    throw new KinmarkError('weights.gguf-version-unsupported', { path, version, supported: versions })
  if (version === 1) cursor.narrowCounts()
  const [tensorCount, valueCount] = [cursor.count(), cursor.count()]
  if (tensorCount > tensorLimit)
    throw new KinmarkError('weights.too-many-tensors', { path, count: tensorCount, limit: tensorLimit })
  if (valueCount > valueLimit)
    throw new KinmarkError('weights.too-many-values', { path, count: valueCount, limit: valueLimit })
  const metadata = new Map<string, GgufValue>()
  for (let i = 0; i < valueCount; i++) {
    const key = nameAt(cursor, path)
    if (metadata.has(key)) throw new KinmarkError('weights.listed-twice', { path, name: key })
    metadata.set(key, cursor.value())
  }
  const entries = Array.from({ length: tensorCount }, () => readEntry(path, cursor))
  const alignment = alignmentOf(path, metadata)
  const start = Math.ceil(cursor.position() / alignment) * alignment
  const tensors = entries.map((tensor) => ({ ...tensor, offset: start + tensor.offset }))
  assertTiled(path, tensors, { start, alignment, fileLength })
  return { path, metadata, tensors }
}

function nameAt(cursor: Cursor, path: string): string {
  const name = cursor.text(nameLimit)
  if (!name) throw new KinmarkError('weights.header-name-invalid', { path, limit: nameLimit })
  return name
}

function readEntry(path: string, cursor: Cursor): Tensor {
  const name = nameAt(cursor, path)
  const where = { tensor: name, path }
  const dimensions = cursor.u32()
  if (dimensions > dimensionLimit)
    throw new KinmarkError('weights.too-many-dimensions', { ...where, dimensions, limit: dimensionLimit })
  const shape = Array.from({ length: dimensions }, () => cursor.count()).reverse()
  const [type, offset] = [cursor.u32(), cursor.wideCount()]
  const dtype = dtypes[type]
  if (!dtype)
    throw new KinmarkError('weights.tensor-type-unsupported', {
      ...where,
      type: unreadDtypes[type] ?? String(type),
      supported: Object.values(dtypes),
    })
  const { weights, bytes } = isBlockDtype(dtype) ? blockOf(dtype) : { weights: 1, bytes: widthOf(dtype) }
  const row = shape.at(-1) ?? 1
  if (row % weights !== 0)
    throw new KinmarkError('weights.row-not-whole-blocks', { ...where, row, type: dtype, block: weights })
  const byteLength = (shape.reduce((a, b) => a * BigInt(b), 1n) / BigInt(weights)) * BigInt(bytes)
  if (byteLength > BigInt(Number.MAX_SAFE_INTEGER))
    throw new KinmarkError('weights.tensor-too-large', { ...where, shape, byteLength })
  return { name, dtype, shape, file: path, offset, byteLength: Number(byteLength) }
}

function alignmentOf(path: string, metadata: ReadonlyMap<string, GgufValue>): number {
  const alignment = metadata.get('general.alignment') ?? 32
  if (typeof alignment !== 'number' || !Number.isInteger(alignment) || alignment < 1 || alignment > alignmentLimit)
    throw new KinmarkError('weights.gguf-alignment-invalid', {
      path,
      alignment: String(alignment),
      limit: alignmentLimit,
    })
  return alignment
}

/**
 * Checks that the tensors fill the file with no overlap and no gap beyond their alignment, so that nothing can hide in
 * it.
 */
function assertTiled(
  path: string,
  tensors: readonly Tensor[],
  { start, alignment, fileLength }: { start: number; alignment: number; fileLength: number },
): void {
  const names = new Set<string>()
  let expected = start
  for (const { name, offset, byteLength } of [...tensors].sort(
    (a, b) => a.offset - b.offset || a.byteLength - b.byteLength,
  )) {
    if (names.has(name)) throw new KinmarkError('weights.listed-twice', { path, name })
    names.add(name)
    const end = offset + byteLength
    if (end > fileLength) throw new KinmarkError('weights.tensor-cut-short', { tensor: name, path, end, fileLength })
    if (offset < expected || offset - expected >= alignment)
      throw new KinmarkError('weights.tensors-not-contiguous', { tensor: name, path, begin: offset, expected })
    expected = end
  }
  if (tensors.length > 0 && fileLength - expected >= alignment)
    throw new KinmarkError('weights.trailing-bytes', { path, fileLength, end: expected })
}
