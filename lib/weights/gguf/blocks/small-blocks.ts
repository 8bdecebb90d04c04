import { half, signed, unevenSteps, type WriteBlock } from './fields'

/**
 * Blocks of 32 weights that share one scale d. Of every byte with two 4-bit codes, the low one belongs to the first 16
 * weights.
 */

const count = 32

/** d, 16 bytes of codes. Weight = d · (q − 8). */
export const writeQ40: WriteBlock = (bytes, at, out, to) => {
  const d = half(bytes, at)
  for (let i = 0; i < count; i++) out[to + i] = d * (code(bytes, at + 2, i) - 8)
}

/** d, m, 16 bytes of codes. Weight = d · q + m. */
export const writeQ41: WriteBlock = (bytes, at, out, to) => {
  const [d, m] = [half(bytes, at), half(bytes, at + 2)]
  for (let i = 0; i < count; i++) out[to + i] = d * code(bytes, at + 4, i) + m
}

/** d, 4 bytes with the fifth bit of every code, 16 bytes of codes. Weight = d · (q − 16). */
export const writeQ50: WriteBlock = (bytes, at, out, to) => {
  const d = half(bytes, at)
  for (let i = 0; i < count; i++) out[to + i] = d * ((code(bytes, at + 6, i) | fifthBit(bytes, at + 2, i)) - 16)
}

/** d, m, 4 bytes with the fifth bit of every code, 16 bytes of codes. Weight = d · q + m. */
export const writeQ51: WriteBlock = (bytes, at, out, to) => {
  const [d, m] = [half(bytes, at), half(bytes, at + 2)]
  for (let i = 0; i < count; i++) out[to + i] = d * (code(bytes, at + 8, i) | fifthBit(bytes, at + 4, i)) + m
}

/** d, 32 signed bytes. Weight = d · q. */
export const writeQ80: WriteBlock = (bytes, at, out, to) => {
  const d = half(bytes, at)
  for (let i = 0; i < count; i++) out[to + i] = d * signed(bytes[at + 2 + i])
}

/** d, 16 bytes of codes. Weight = d · step of q. */
export const writeIQ4NL: WriteBlock = (bytes, at, out, to) => {
  const d = half(bytes, at)
  for (let i = 0; i < count; i++) out[to + i] = d * unevenSteps[code(bytes, at + 2, i)]
}

/** Twice the values of a 4-bit float with two bits of exponent and one of mantissa. */
const doubledFloats = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]

/** A byte e, 16 bytes of codes. Weight = 2^(e − 127) · float of q. */
export const writeMXFP4: WriteBlock = (bytes, at, out, to) => {
  const d = 2 ** (bytes[at] - 128)
  for (let i = 0; i < count; i++) out[to + i] = d * doubledFloats[code(bytes, at + 1, i)]
}

/**
 * Codes and scales apart, as gpt-oss has them: 16 bytes of codes and one scale for each 32 weights, the low code of a byte
 * before the high one. Weight = 2^(scale − 127) · float of the code.
 */
export function fromPackedFp4(codes: Uint8Array, scales: Uint8Array): Float32Array {
  const out = new Float32Array(2 * codes.length)
  for (let i = 0; i < codes.length; i++) {
    const d = 2 ** (scales[i >> 4] - 128)
    out[2 * i] = d * doubledFloats[codes[i] & 15]
    out[2 * i + 1] = d * doubledFloats[codes[i] >> 4]
  }
  return out
}

const code = (bytes: Uint8Array, at: number, i: number) => (i < 16 ? bytes[at + i] & 15 : bytes[at + i - 16] >> 4)
const fifthBit = (bytes: Uint8Array, at: number, i: number) => ((bytes[at + (i >> 3)] >> (i & 7)) & 1) << 4
