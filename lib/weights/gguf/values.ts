import { KinmarkError } from '../../error'

/** A value of a GGUF file's metadata; null for long lists and long texts where they were not asked for. */
export type GgufValue = number | boolean | string | readonly GgufValue[] | null

/** Thrown when a value ends after the bytes that have been read so far. */
export class OutOfBytes extends Error {}

/** Reads little-endian values in sequence. Its methods throw `OutOfBytes`. */
export type Cursor = ReturnType<typeof cursorOf>

/** Texts and lists that are read in any case; longer ones only the tokenizer needs. */
const shortText = 4096
const shortList = 1024

/** `long` reads long texts and lists too. */
export function cursorOf(path: string, bytes: Uint8Array, long = false) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let narrow = false
  const take = (length: number) => {
    const from = at
    at += length
    if (at > bytes.length) throw new OutOfBytes()
    return from
  }
  const wideCount = () => {
    const value = view.getBigUint64(take(8), true)
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw new KinmarkError('weights.gguf-count-too-large', { path, count: value })
    return Number(value)
  }
  const count = () => (narrow ? view.getUint32(take(4), true) : wideCount())
  const text = (limit = Number.POSITIVE_INFINITY): string | null => {
    const length = count()
    const from = take(length)
    return length > limit ? null : new TextDecoder().decode(bytes.subarray(from, from + length))
  }
  const scalar = (type: number): GgufValue => {
    const read = scalars[type]
    if (!read) throw new KinmarkError('weights.gguf-value-type-unknown', { path, type })
    return read.read(view, take(read.bytes))
  }
  return {
    position: () => at,
    /** From here on, counts have 32 bits, as in version 1 of the format. */
    narrowCounts(): void {
      narrow = true
    },
    u32: () => view.getUint32(take(4), true),
    count,
    /** A count that has 64 bits in every version. */
    wideCount,
    text,
    value(): GgufValue {
      const type = view.getUint32(take(4), true)
      if (type === textType) return text(long ? undefined : shortText)
      if (type !== listType) return scalar(type)
      const element = view.getUint32(take(4), true)
      if (element !== textType && !scalars[element])
        throw new KinmarkError('weights.gguf-value-type-unknown', { path, type: element })
      const length = count()
      const read = () => (element === textType ? text() : scalar(element))
      const from = at
      if (long || length <= shortList) {
        const list: GgufValue[] = []
        for (let i = 0; i < length; i++) list.push(read())
        return list
      }
      if (element !== textType) at = from + scalars[element].bytes * length
      else for (let i = 0; i < length; i++) take(count())
      take(0)
      return null
    },
  }
}

const textType = 8
const listType = 9

const scalars: Readonly<Record<number, { bytes: number; read(view: DataView, at: number): GgufValue }>> = {
  0: { bytes: 1, read: (view, at) => view.getUint8(at) },
  1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  2: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  3: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  4: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  5: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  6: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  7: { bytes: 1, read: (view, at) => view.getUint8(at) !== 0 },
  10: { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
  11: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  12: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
}
