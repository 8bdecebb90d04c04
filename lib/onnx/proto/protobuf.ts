/**
 * The four kinds of field in an ONNX file. https://protobuf.dev/programming-guides/encoding. A library with the
 * generated ONNX schema adds 22 kB (gzip) to the worker's bundle; model-proto.test.ts checks that the bytes are equal.
 */
export type Field =
  | { tag: number; varint: number }
  | { tag: number; float: number }
  | { tag: number; bytes: Uint8Array }
  /** `size` is the encoded size of the fields in bytes. */
  | { tag: number; message: Field[]; size: number }

const utf8 = new TextEncoder()

export const varint = (tag: number, value: number): Field => ({ tag, varint: value })
export const float = (tag: number, value: number): Field => ({ tag, float: value })
export const bytes = (tag: number, value: Uint8Array): Field => ({ tag, bytes: value })
export const text = (tag: number, value: string): Field => ({ tag, bytes: utf8.encode(value) })
export const message = (tag: number, fields: Field[]): Field => ({ tag, message: fields, size: sizeOf(fields) })

export function encodeMessage(fields: Field[]): Uint8Array {
  const out = new Uint8Array(sizeOf(fields))
  write(out, 0, fields)
  return out
}

function sizeOf(fields: Field[]): number {
  let size = 0
  for (const field of fields) size += varintSize(field.tag * 8) + contentSize(field)
  return size
}

function contentSize(field: Field): number {
  if ('varint' in field) return varintSize(field.varint)
  if ('float' in field) return 4
  const length = 'message' in field ? field.size : field.bytes.length
  return varintSize(length) + length
}

/** Writes the fields at `from`; returns the offset of their end. */
function write(out: Uint8Array, from: number, fields: Field[]): number {
  let at = from
  for (const field of fields) {
    if ('varint' in field) {
      at = writeVarint(out, writeVarint(out, at, field.tag * 8), field.varint)
    } else if ('float' in field) {
      at = writeVarint(out, at, field.tag * 8 + 5)
      new DataView(out.buffer).setFloat32(at, field.float, true)
      at += 4
    } else if ('message' in field) {
      at = writeVarint(out, writeVarint(out, at, field.tag * 8 + 2), field.size)
      at = write(out, at, field.message)
    } else {
      at = writeVarint(out, writeVarint(out, at, field.tag * 8 + 2), field.bytes.length)
      out.set(field.bytes, at)
      at += field.bytes.length
    }
  }
  return at
}

/** Negative numbers take ten bytes, as in int64. */
function varintSize(value: number): number {
  if (value < 0) return 10
  let size = 1
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size++
  return size
}

function writeVarint(out: Uint8Array, from: number, value: number): number {
  let at = from
  if (value < 0) {
    for (let rest = BigInt.asUintN(64, BigInt(value)); rest > 127n; rest >>= 7n) out[at++] = Number(rest & 127n) | 128
    out[at++] = 1
    return at
  }
  let rest = value
  for (; rest > 127; rest = Math.floor(rest / 128)) out[at++] = (rest % 128) | 128
  out[at++] = rest
  return at
}
