import { LegacyError } from '../../error'

/** A value of a GGUF file's metadata. Lists and long texts, which only its tokenizer has, are stepped over: null. */
export type GgufValue = number | boolean | string | null

/** Thrown where more bytes are needed than have been read so far. */
export class CutShort extends Error {}

/** Reads little-endian values one after the other. */
export type Cursor = ReturnType<typeof cursorOf>

const keptText = 4096

export function cursorOf(path: string, bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  const take = (length: number) => {
    const from = at
    at += length
    if (at > bytes.length) throw new CutShort()
    return from
  }
  /** A 64-bit count that a file of any size we can read may have. */
  const count = () => {
    const value = view.getBigUint64(take(8), true)
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw new LegacyError(`“${path}” counts ${value} of something in its header; no file holds as many.`)
    return Number(value)
  }
  const skipText = () => void take(count())
  const scalar = (type: number): GgufValue => {
    const read = scalars[type]
    if (!read) throw new LegacyError(`The header of “${path}” has a value of type ${type}, which GGUF does not have.`)
    return read.read(view, take(read.bytes))
  }
  return {
    position: () => at,
    u32: () => view.getUint32(take(4), true),
    count,
    text(limit = keptText): string | null {
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
      else throw new LegacyError(`The header of “${path}” has a list of values of type ${element}.`)
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
