import { KinmarkError } from '../../error'

/**
 * A value of a GGUF file's metadata; null for lists and long texts, which only the tokenizer needs and which are
 * skipped.
 */
export type GgufValue = number | boolean | string | null

/** Thrown when a value ends after the bytes that have been read so far. */
export class OutOfBytes extends Error {}

/** Reads little-endian values in sequence. Its methods throw `OutOfBytes`. */
export type Cursor = ReturnType<typeof cursorOf>

const textLimit = 4096

export function cursorOf(path: string, bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const take = (length: number) => {
    const from = at
    at += length
    if (at > bytes.length) throw new OutOfBytes()
    return from
  }
  /** A 64-bit count. */
  const count = () => {
    const value = view.getBigUint64(take(8), true)
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw new KinmarkError('weights.gguf-count-too-large', { path, count: value })
    return Number(value)
  }
  const skipText = () => void take(count())
  const scalar = (type: number): GgufValue => {
    const read = scalars[type]
    if (!read) throw new KinmarkError('weights.gguf-value-type-unknown', { path, type })
    return read.read(view, take(read.bytes))
  }
  return {
    position: () => at,
    u32: () => view.getUint32(take(4), true),
    count,
    text(limit = textLimit): string | null {
      const length = count()
      const from = take(length)
      return length > limit ? null : new TextDecoder().decode(bytes.subarray(from, from + length))
    },
    value(): GgufValue {
      const type = view.getUint32(take(4), true)
      if (type === textType) return this.text()
      if (type !== listType) return scalar(type)
      const element = view.getUint32(take(4), true)
      const length = count()
      const fixed = scalars[element]
      if (fixed) take(fixed.bytes * length)
      else if (element === textType) for (let i = 0; i < length; i++) skipText()
      else throw new KinmarkError('weights.gguf-value-type-unknown', { path, type: element })
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
