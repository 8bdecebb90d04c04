import { floatOfHalf } from '../dtype/half'

/**
 * ggml's block types, in which a block of weights shares a few scales. Layouts:
 * https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h. Half-precision numbers are little-endian; `d` is a
 * block's scale.
 */
const blocks = {
  Q4_0: { weights: 32, bytes: 18, write: writeQ40 },
  Q8_0: { weights: 32, bytes: 34, write: writeQ80 },
  Q4_K: { weights: 256, bytes: 144, write: writeQ4K },
  Q6_K: { weights: 256, bytes: 210, write: writeQ6K },
} as const

export type BlockDtype = keyof typeof blocks

export function isBlockDtype(name: string): name is BlockDtype {
  return Object.hasOwn(blocks, name)
}

/** The size of one block, in weights and in bytes. */
export function blockOf(dtype: BlockDtype): { weights: number; bytes: number } {
  return blocks[dtype]
}

/** Writes the values of whole blocks to the beginning of `out`. */
export function dequantise(bytes: Uint8Array, dtype: BlockDtype, out: Float32Array): void {
  const { weights, bytes: blockLength, write } = blocks[dtype]
  const count = Math.floor(bytes.length / blockLength)
  for (let i = 0; i < count; i++) write(bytes, i * blockLength, out, i * weights)
}

const half = (bytes: Uint8Array, at: number) => floatOfHalf(bytes[at] | (bytes[at + 1] << 8))
const signed = (byte: number) => (byte << 24) >> 24

/** d, 16 bytes of two 4-bit weights: the first 16 weights in the low nibbles. Weight = d · (q − 8). */
function writeQ40(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const d = half(bytes, at)
  for (let i = 0; i < 16; i++) {
    const pair = bytes[at + 2 + i]
    out[to + i] = d * ((pair & 15) - 8)
    out[to + 16 + i] = d * ((pair >> 4) - 8)
  }
}

/** d, 32 signed bytes. Weight = d · q. */
function writeQ80(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const d = half(bytes, at)
  for (let i = 0; i < 32; i++) out[to + i] = d * signed(bytes[at + 2 + i])
}

/**
 * d, dmin, 12 bytes of 6-bit scales and minima, 128 bytes of 4-bit weights. Eight groups of 32 weights, two groups in
 * the nibbles of 32 bytes. Weight = d · scale · q − dmin · minimum.
 */
function writeQ4K(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const [d, dmin] = [half(bytes, at), half(bytes, at + 2)]
  for (let group = 0; group < 8; group++) {
    const scale = d * scaleQ4K(bytes, at + 4, group)
    const minimum = dmin * minimumQ4K(bytes, at + 4, group)
    const [quarter, shift] = [at + 16 + (group >> 1) * 32, (group & 1) * 4]
    for (let i = 0; i < 32; i++) out[to + group * 32 + i] = scale * ((bytes[quarter + i] >> shift) & 15) - minimum
  }
}

/** Groups 0–3 in the low six bits of bytes 0–3; 4–7 in the low nibbles of bytes 8–11 and the high bits of bytes 0–3. */
function scaleQ4K(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return bytes[at + group] & 63
  return (bytes[at + group + 4] & 15) | ((bytes[at + group - 4] >> 6) << 4)
}

/**
 * Groups 0–3 in the low six bits of bytes 4–7; 4–7 in the high nibbles of bytes 8–11 and the high bits of bytes 4–7.
 */
function minimumQ4K(bytes: Uint8Array, at: number, group: number): number {
  if (group < 4) return bytes[at + group + 4] & 63
  return (bytes[at + group + 4] >> 4) | ((bytes[at + group] >> 6) << 4)
}

/**
 * 128 bytes of low nibbles, 64 of high bit pairs, 16 signed scales, d. Two halves of 128 weights, each of four rows of
 * 32 that share 64 low and 32 high bytes; a scale for every 16 weights. Weight = d · scale · (q − 32).
 */
function writeQ6K(bytes: Uint8Array, at: number, out: Float32Array, to: number): void {
  const d = half(bytes, at + 208)
  for (let i = 0; i < 256; i++) {
    const [part, row, column] = [i >> 7, (i >> 5) & 3, i & 31]
    const low = (bytes[at + part * 64 + (row & 1) * 32 + column] >> ((row >> 1) * 4)) & 15
    const high = (bytes[at + 128 + part * 32 + column] >> (row * 2)) & 3
    out[to + i] = d * signed(bytes[at + 192 + (i >> 4)]) * ((low | (high << 4)) - 32)
  }
}
