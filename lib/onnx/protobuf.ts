/** The four kinds of field that an ONNX file is made of. https://protobuf.dev/programming-guides/encoding */
export type Field =
  | { tag: number; varint: number }
  | { tag: number; float: number }
  | { tag: number; bytes: Uint8Array }
  | { tag: number; message: Field[] }

export const varint = (tag: number, value: number): Field => ({ tag, varint: value })
export const float = (tag: number, value: number): Field => ({ tag, float: value })
export const bytes = (tag: number, value: Uint8Array): Field => ({ tag, bytes: value })
export const text = (tag: number, value: string): Field => ({ tag, bytes: new TextEncoder().encode(value) })
export const message = (tag: number, fields: Field[]): Field => ({ tag, message: fields })

export function encodeMessage(fields: Field[]): Uint8Array {
  const parts = fields.flatMap(encodeField)
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function encodeField(field: Field): Uint8Array[] {
  if ('varint' in field) return [encodeVarint(field.tag * 8), encodeVarint(field.varint)]
  if ('float' in field) return [encodeVarint(field.tag * 8 + 5), new Uint8Array(Float32Array.of(field.float).buffer)]
  const body = 'message' in field ? encodeMessage(field.message) : field.bytes
  return [encodeVarint(field.tag * 8 + 2), encodeVarint(body.length), body]
}

/** Negative numbers take ten bytes, as int64 does. */
function encodeVarint(value: number): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value))
  const out: number[] = []
  while (rest > 127n) {
    out.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  out.push(Number(rest))
  return Uint8Array.from(out)
}
