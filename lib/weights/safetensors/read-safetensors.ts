import { LegacyError } from '../../error'
import type { NamedBytes } from '../bytes'
import { isDtype, widthOf } from '../dtype/dtype'
import type { Tensor } from '../tensor'
import { deeperThan } from '../text/deeper-than'
import { duplicateKey } from './duplicate-key'
import { sniffFormat } from './sniff-format'

/** The format allows 100 MB; 25 MB hold the header of any file with as many tensors as we take. */
const headerLimit = 25_000_000
const tensorLimit = 100_000

/**
 * Reads the header of a safetensors file: 8 bytes of little-endian length, JSON, then the tensors' bytes end to end.
 * The file is taken to be hostile: nothing is believed before it is checked, and only the header is read.
 */
export async function readSafetensors({ path, bytes }: NamedBytes): Promise<Tensor[]> {
  const { text, length } = await readHeader({ path, bytes })
  const header = parseHeader(path, text)
  const start = 8 + length
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__')
  if (entries.length > tensorLimit)
    throw new LegacyError(
      `“${path}” lists ${entries.length} tensors; at most ${tensorLimit} in one file can be handled.`,
    )
  const tensors = entries.map(([name, entry]) => readEntry(path, name, entry, start))
  assertTiled(path, tensors, start, bytes.byteLength)
  return tensors
}

/** The texts that a file carries about itself; none where it has no `__metadata__`. */
export async function readMetadata({ path, bytes }: NamedBytes): Promise<Record<string, string>> {
  const { __metadata__: metadata = {} } = parseHeader(path, (await readHeader({ path, bytes })).text)
  if (!isRecord(metadata)) throw new LegacyError(`The metadata of “${path}” is not a JSON object.`)
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)]))
}

async function readHeader({ path, bytes }: NamedBytes): Promise<{ text: string; length: number }> {
  if (bytes.byteLength === 0) throw new LegacyError(`“${path}” is empty: 0 bytes.`)
  const head = await bytes.slice(0, Math.min(9, bytes.byteLength))
  const foreign = (message: string) => {
    const format = sniffFormat(head)
    return new LegacyError(format ? `“${path}” ${format}: export the weights as safetensors.` : message)
  }
  if (head.length < 9)
    throw foreign(`“${path}” has ${bytes.byteLength} bytes; a safetensors file has at least 10, so it is cut short.`)
  const length = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true)
  if (length > BigInt(bytes.byteLength - 8))
    throw foreign(
      `“${path}” announces a header of ${length} bytes, but only ${bytes.byteLength - 8} follow: the file is cut short or is not safetensors.`,
    )
  if (length > BigInt(headerLimit))
    throw foreign(`“${path}” announces a header of ${length} bytes; at most ${headerLimit} are read.`)
  if (head[8] !== 0x7b) throw foreign(`The header of “${path}” does not begin with “{”: it is not a safetensors file.`)
  const raw = await bytes.slice(8, 8 + Number(length))
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(raw), length: Number(length) }
  } catch (cause) {
    throw new LegacyError(`The header of “${path}” is not UTF-8 text.`, { cause })
  }
}

function parseHeader(path: string, text: string): Record<string, unknown> {
  if (deeperThan(text, 3))
    throw new LegacyError(`The header of “${path}” nests deeper than a tensor's description does.`)
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch (cause) {
    throw new LegacyError(`The header of “${path}” is not JSON.`, { cause })
  }
  if (!isRecord(header)) throw new LegacyError(`The header of “${path}” is not a JSON object.`)
  const twice = duplicateKey(text)
  if (twice !== null) throw new LegacyError(`The header of “${path}” lists ${quote(twice)} twice.`)
  return header
}

function readEntry(path: string, name: string, entry: unknown, start: number): Tensor {
  const where = `Tensor ${quote(name)} in “${path}”`
  if (!isRecord(entry)) throw new LegacyError(`${where} has no description.`)
  const { dtype, shape, data_offsets: offsets } = entry
  if (!isDtype(dtype)) throw new LegacyError(`${where} has the unknown type ${quote(String(dtype))}.`)
  if (!isSizes(shape) || shape.length > 8)
    throw new LegacyError(`${where} has no usable shape: at most 8 whole numbers from 0 are expected.`)
  if (!isSizes(offsets) || offsets.length !== 2)
    throw new LegacyError(`${where} has no usable data_offsets: two whole numbers from 0 are expected.`)
  const [begin, end] = offsets
  const wanted = shape.reduce((a, b) => a * BigInt(b), BigInt(widthOf(dtype)))
  if (end < begin || BigInt(end - begin) !== wanted)
    throw new LegacyError(
      `${where} has shape [${shape.join(', ')}] of ${dtype}, which is ${wanted} bytes, but its data_offsets [${begin}, ${end}] hold ${end - begin}.`,
    )
  if (begin % widthOf(dtype) !== 0)
    throw new LegacyError(
      `${where} begins at byte ${begin}, which is not a multiple of the ${widthOf(dtype)} bytes of one ${dtype}.`,
    )
  return { name, dtype, shape, file: path, offset: start + begin, byteLength: end - begin }
}

/** The tensors must fill the file to its last byte, without a gap and without sharing one: nothing can hide in it. */
function assertTiled(path: string, tensors: readonly Tensor[], start: number, fileLength: number): void {
  const sorted = [...tensors].sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength)
  let at = start
  let last = 'the header'
  for (const { name, offset, byteLength } of sorted) {
    if (offset + byteLength > fileLength)
      throw new LegacyError(
        `Tensor ${quote(name)} in “${path}” ends at byte ${offset + byteLength}, but the file has ${fileLength}: it is cut short.`,
      )
    if (offset !== at)
      throw new LegacyError(
        `Tensor ${quote(name)} in “${path}” begins at byte ${offset}, but ${last} ends at byte ${at}: tensors must ${offset < at ? 'not overlap' : 'leave no gap'}.`,
      )
    at = offset + byteLength
    last = quote(name)
  }
  if (at !== fileLength) throw new LegacyError(`“${path}” has ${fileLength} bytes, but its tensors end at byte ${at}.`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0)
}

function quote(text: string): string {
  return `“${text.length > 80 ? `${text.slice(0, 80)}…` : text}”`
}
