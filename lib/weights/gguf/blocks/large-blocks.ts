import { half, signed, unevenSteps, type WriteBlock } from './fields'

/**
 * Blocks of 256 weights in groups of 16 or 32. Scale d is shared by the block; each group has a small integer scale,
 * and in some types a minimum that is multiplied by the block's dmin.
 */

const count = 256

/**
 * 16 bytes of a 4-bit scale (low) and minimum per 16 weights, 64 bytes of bit pairs, d, dmin. Weight = d · scale · q −
 * dmin · minimum.
 */
export const writeQ2K: WriteBlock = (bytes, at, out, to) => {
  const [d, dmin] = [half(bytes, at + 80), half(bytes, at + 82)]
  for (let i = 0; i < count; i++) {
    const group = bytes[at + (i >> 4)]
    out[to + i] = d * (group & 15) * bitPair(bytes, at + 16, i) - dmin * (group >> 4)
  }
}

/**
 * 32 bytes of high bits, 64 bytes of low bit pairs, 12 bytes of a 6-bit scale per 16 weights, d. Weight = d · (scale −
 * 32) · (q − 4).
 */
export const writeQ3K: WriteBlock = (bytes, at, out, to) => {
  const d = half(bytes, at + 108)
  for (let i = 0; i < count; i++) {
    const high = (bytes[at + (i & 31)] >> (i >> 5)) & 1
    out[to + i] = d * (scaleQ3K(bytes, at + 96, i >> 4) - 32) * ((bitPair(bytes, at + 32, i) | (high << 2)) - 4)
  }
}

/** The low four bits of scales 0–7 and 8–15 in the nibbles of bytes 0–7; two high bits of every scale in bytes 8–11. */
function scaleQ3K(bytes: Uint8Array, at: number, group: number): number {
  const low = (bytes[at + (group & 7)] >> (group < 8 ? 0 : 4)) & 15
  const high = (bytes[at + 8 + (group & 3)] >> (2 * (group >> 2))) & 3
  return low | (high << 4)
}

/** d, dmin, 12 bytes of scales and minima, 128 bytes of codes. Weight = d · scale · q − dmin · minimum. */
export const writeQ4K: WriteBlock = (bytes, at, out, to) => {
  const [d, dmin] = [half(bytes, at), half(bytes, at + 2)]
  for (let i = 0; i < count; i++) {
    const group = i >> 5
    const [scale, minimum] = [scaleQ4K(bytes, at + 4, group), minimumQ4K(bytes, at + 4, group)]
    out[to + i] = d * scale * nibble(bytes, at + 16, i) - dmin * minimum
  }
}

/** Like Q4_K, with 32 bytes of a fifth bit per code between the scales and the codes: bit g is that of group g. */
export const writeQ5K: WriteBlock = (bytes, at, out, to) => {
  const [d, dmin] = [half(bytes, at), half(bytes, at + 2)]
  for (let i = 0; i < count; i++) {
    const group = i >> 5
    const [scale, minimum] = [scaleQ4K(bytes, at + 4, group), minimumQ4K(bytes, at + 4, group)]
    const high = (bytes[at + 16 + (i & 31)] >> group) & 1
    out[to + i] = d * scale * (nibble(bytes, at + 48, i) | (high << 4)) - dmin * minimum
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
export const writeQ6K: WriteBlock = (bytes, at, out, to) => {
  const d = half(bytes, at + 208)
  for (let i = 0; i < count; i++) {
    const [part, row, column] = [i >> 7, (i >> 5) & 3, i & 31]
    const low = (bytes[at + part * 64 + (row & 1) * 32 + column] >> ((row >> 1) * 4)) & 15
    const q = low | (bitPair(bytes, at + 128, i) << 4)
    out[to + i] = d * signed(bytes[at + 192 + (i >> 4)]) * (q - 32)
  }
}

/**
 * d, two bytes with two high bits of each scale, four bytes with the low four, 128 bytes of codes; groups of 32. Weight
 * = d · (scale − 32) · step of q.
 */
export const writeIQ4XS: WriteBlock = (bytes, at, out, to) => {
  const d = half(bytes, at)
  for (let i = 0; i < count; i++) {
    const [group, column] = [i >> 5, i & 31]
    const low = (bytes[at + 4 + (group >> 1)] >> (4 * (group & 1))) & 15
    const high = (bytes[at + 2 + (group >> 2)] >> (2 * (group & 3))) & 3
    const pair = bytes[at + 8 + group * 16 + (column & 15)]
    out[to + i] = d * ((low | (high << 4)) - 32) * unevenSteps[column < 16 ? pair & 15 : pair >> 4]
  }
}

/** Weight i of two halves of 128, each of four rows of 32 in the bit pairs of 32 bytes. */
const bitPair = (bytes: Uint8Array, at: number, i: number) =>
  (bytes[at + (i >> 7) * 32 + (i & 31)] >> (2 * ((i >> 5) & 3))) & 3

/** Weight i of four pairs of 32, each in the nibbles of 32 bytes. */
const nibble = (bytes: Uint8Array, at: number, i: number) =>
  (bytes[at + (i >> 6) * 32 + (i & 31)] >> (4 * ((i >> 5) & 1))) & 15
