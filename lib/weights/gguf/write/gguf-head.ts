import { type WrittenType, writtenTypes } from './quantise'

/** A value of a GGUF file’s metadata. Whole numbers are 32 bits wide; `float` for single precision. */
export type WrittenValue = number | string | boolean | { float: number } | { texts: string[] } | { ints: number[] }

export type WrittenTensor = { name: string; shape: readonly number[]; type: WrittenType }

const alignment = 32
export const alignedLength = (bytes: number): number => Math.ceil(bytes / alignment) * alignment

export function byteLengthOf({ shape, type }: WrittenTensor): number {
  const { weights, bytes } = writtenTypes[type]
  return (shape.reduce((a, b) => a * b, 1) / weights) * bytes
}

/**
 * All of a GGUF file of version 3 that comes before its tensors, which follow in this order, each with zeros up to a
 * multiple of 32 bytes: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
 */
export function ggufHead(
  metadata: Readonly<Record<string, WrittenValue>>,
  tensors: readonly WrittenTensor[],
): Uint8Array {
  const entries = Object.entries(metadata)
  let at = 0
  const infos = tensors.flatMap((tensor) => {
    const offset = at
    at += alignedLength(byteLengthOf(tensor))
    const { name, shape, type } = tensor
    return [text(name), u32(shape.length), ...shape.toReversed().map(u64), u32(writtenTypes[type].id), u64(offset)]
  })
  const head = joined([
    ...[u32(0x46554747), u32(3), u64(tensors.length), u64(entries.length)],
    ...entries.flatMap(([key, value]) => [text(key), ...valueParts(value)]),
    ...infos,
  ])
  return joined([head, new Uint8Array(alignedLength(head.length) - head.length)])
}

function valueParts(value: WrittenValue): Uint8Array[] {
  if (typeof value === 'string') return [u32(8), text(value)]
  if (typeof value === 'boolean') return [u32(7), Uint8Array.of(value ? 1 : 0)]
  if (typeof value === 'number') return [u32(4), u32(value)]
  if ('float' in value) return [u32(6), new Uint8Array(Float32Array.of(value.float).buffer)]
  if ('texts' in value) return [u32(9), u32(8), u64(value.texts.length), ...value.texts.map(text)]
  return [u32(9), u32(5), u64(value.ints.length), new Uint8Array(Int32Array.from(value.ints).buffer)]
}

function text(value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value)
  return joined([u64(bytes.length), bytes])
}

// Numbers of the machine are little-endian, as the file's.
const u32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer)
const u64 = (value: number) => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer)

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
