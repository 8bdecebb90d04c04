import { LegacyError } from '../../error'
import type { NamedBytes } from '../bytes'
import { widthOf } from '../dtype/dtype'
import type { Tensor } from '../tensor'
import { blockOf, isBlockDtype } from './blocks'
import { type Cursor, CutShort, cursorOf, type GgufValue } from './values'

/** A GGUF file's header. Tensors have the file's own names, and shapes with the longest stride first, as safetensors has. */
export type Gguf = { path: string; metadata: ReadonlyMap<string, GgufValue>; tensors: Tensor[] }

const firstRead = 262_144
const headerLimit = 67_108_864
const valueLimit = 4096
const tensorLimit = 100_000
const magic = 0x46554747

const dtypes = { 0: 'F32', 1: 'F16', 2: 'Q4_0', 8: 'Q8_0', 12: 'Q4_K', 14: 'Q6_K', 30: 'BF16' } as const
const unreadDtypes: Readonly<Record<number, string>> = {
  ...{ 3: 'Q4_1', 6: 'Q5_0', 7: 'Q5_1', 9: 'Q8_1', 10: 'Q2_K', 11: 'Q3_K', 13: 'Q5_K', 15: 'Q8_K', 16: 'IQ2_XXS' },
  ...{ 17: 'IQ2_XS', 18: 'IQ3_XXS', 19: 'IQ1_S', 20: 'IQ4_NL', 21: 'IQ3_S', 22: 'IQ2_S', 23: 'IQ4_XS', 39: 'MXFP4' },
}

/**
 * Reads the header of a GGUF file of version 2 or 3: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md. The file
 * is taken to be hostile, as safetensors are. Nobody knows how long the header is: it is read in growing pieces.
 */
export async function readGguf({ path, bytes }: NamedBytes): Promise<Gguf> {
  const most = Math.min(bytes.byteLength, headerLimit)
  for (let length = Math.min(firstRead, most); ; length = Math.min(4 * length, most)) {
    try {
      return readHeader(path, await bytes.slice(0, length), bytes.byteLength)
    } catch (error) {
      if (!(error instanceof CutShort)) throw error
      if (length === bytes.byteLength)
        throw new LegacyError(`“${path}” ends at byte ${length}, in the middle of its header: it is cut short.`)
      if (length === most)
        throw new LegacyError(`The header of “${path}” is longer than the ${headerLimit} bytes that are read.`)
    }
  }
}

function readHeader(path: string, head: Uint8Array, fileLength: number): Gguf {
  const cursor = cursorOf(path, head)
  if (cursor.u32() !== magic) throw new LegacyError(`“${path}” does not begin with “GGUF”: it is no GGUF file.`)
  const version = cursor.u32()
  if (version !== 2 && version !== 3)
    throw new LegacyError(`“${path}” is GGUF of version ${version}; versions 2 and 3, little-endian, can be read.`)
  const [tensorCount, valueCount] = [cursor.count(), cursor.count()]
  if (tensorCount > tensorLimit || valueCount > valueLimit)
    throw new LegacyError(
      `“${path}” announces ${tensorCount} tensors and ${valueCount} values; at most ${tensorLimit} and ${valueLimit} can be handled.`,
    )
  const metadata = new Map<string, GgufValue>()
  for (let i = 0; i < valueCount; i++) {
    const key = nameAt(cursor, path)
    if (metadata.has(key)) throw new LegacyError(`The header of “${path}” lists “${key}” twice.`)
    metadata.set(key, cursor.value())
  }
  const found = Array.from({ length: tensorCount }, () => readEntry(path, cursor))
  const alignment = alignmentOf(path, metadata)
  const start = Math.ceil(cursor.position() / alignment) * alignment
  const tensors = found.map((tensor) => ({ ...tensor, offset: start + tensor.offset }))
  assertTiled(path, tensors, { start, alignment, fileLength })
  return { path, metadata, tensors }
}

function nameAt(cursor: Cursor, path: string): string {
  const name = cursor.text(200)
  if (!name) throw new LegacyError(`The header of “${path}” has a name that is empty or longer than 200 bytes.`)
  return name
}

function readEntry(path: string, cursor: Cursor): Tensor {
  const name = nameAt(cursor, path)
  const where = `Tensor “${name}” in “${path}”`
  const dimensions = cursor.u32()
  if (dimensions > 4) throw new LegacyError(`${where} has ${dimensions} dimensions; GGUF has at most 4.`)
  const shape = Array.from({ length: dimensions }, () => cursor.count()).reverse()
  const [type, offset] = [cursor.u32(), cursor.count()]
  const dtype = dtypes[type as keyof typeof dtypes]
  if (!dtype)
    throw new LegacyError(
      `${where} is of type ${unreadDtypes[type] ?? type}; ${Object.values(dtypes).join(', ')} can be read.`,
    )
  const { weights, bytes } = isBlockDtype(dtype) ? blockOf(dtype) : { weights: 1, bytes: widthOf(dtype) }
  const row = shape.at(-1) ?? 1
  if (row % weights !== 0)
    throw new LegacyError(`${where} has rows of ${row} weights, which is not a multiple of ${dtype}'s ${weights}.`)
  const byteLength = (shape.reduce((a, b) => a * BigInt(b), 1n) / BigInt(weights)) * BigInt(bytes)
  if (byteLength > BigInt(Number.MAX_SAFE_INTEGER))
    throw new LegacyError(`${where} has shape [${shape.join(', ')}], which is ${byteLength} bytes.`)
  return { name, dtype, shape, file: path, offset, byteLength: Number(byteLength) }
}

function alignmentOf(path: string, metadata: ReadonlyMap<string, GgufValue>): number {
  const alignment = metadata.get('general.alignment') ?? 32
  if (typeof alignment !== 'number' || !Number.isInteger(alignment) || alignment < 1 || alignment > 65_536)
    throw new LegacyError(`“${path}”: general.alignment is ${alignment}; a whole number up to 65536 is expected.`)
  return alignment
}

/** One after the other with no more between them than alignment asks for: nothing overlaps, and nothing can hide. */
function assertTiled(
  path: string,
  tensors: readonly Tensor[],
  { start, alignment, fileLength }: { start: number; alignment: number; fileLength: number },
): void {
  const names = new Set<string>()
  let at = start
  for (const { name, offset, byteLength } of [...tensors].sort(
    (a, b) => a.offset - b.offset || a.byteLength - b.byteLength,
  )) {
    if (names.has(name)) throw new LegacyError(`The header of “${path}” lists the tensor “${name}” twice.`)
    names.add(name)
    if (offset + byteLength > fileLength)
      throw new LegacyError(
        `Tensor “${name}” in “${path}” ends at byte ${offset + byteLength}, but the file has ${fileLength}: it is cut short.`,
      )
    if (offset < at || offset - at >= alignment)
      throw new LegacyError(
        `Tensor “${name}” in “${path}” begins at byte ${offset}, but what is before it ends at byte ${at}: tensors must ${offset < at ? 'not overlap' : 'leave no gap'}.`,
      )
    at = offset + byteLength
  }
  if (tensors.length > 0 && fileLength - at >= alignment)
    throw new LegacyError(`“${path}” has ${fileLength} bytes, but its tensors end at byte ${at}.`)
}
