import { floatOfHalf } from '../../dtype/half'

/** Writes one block's weights, whose bytes begin at `at`, to `out` from `to` on. */
export type WriteBlock = (bytes: Uint8Array, at: number, out: Float32Array, to: number) => void

/** A little-endian half-precision number. */
export function half(bytes: Uint8Array, at: number): number {
  return floatOfHalf(bytes[at] | (bytes[at + 1] << 8))
}

export function signed(byte: number): number {
  return (byte << 24) >> 24
}

/** The 16 values that the 4-bit codes of IQ4_NL and IQ4_XS select. */
export const unevenSteps = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]
