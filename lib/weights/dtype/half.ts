/**
 * Conversions between float32 and the bits of IEEE 754 half precision and bfloat16. They round to nearest, ties to
 * even.
 */

const word = new Float32Array(1)
const bits = new Uint32Array(word.buffer)

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 0x3ff
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

let table: Float32Array | undefined

export function floatOfHalf(half: number): number {
  table ??= Float32Array.from({ length: 65536 }, (_, i) => halfToFloat(i))
  return table[half]
}

export function fromF16(values: Uint16Array): Float32Array {
  const out = new Float32Array(values.length)
  for (let i = 0; i < values.length; i++) out[i] = floatOfHalf(values[i])
  return out
}

export function toF16(values: Float32Array): Uint16Array {
  if ('Float16Array' in globalThis) return new Uint16Array(new Float16Array(values).buffer)
  const out = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) {
    word[0] = values[i]
    out[i] = floatBitsToHalf(bits[0])
  }
  return out
}

function floatBitsToHalf(x: number): number {
  const sign = (x >>> 16) & 0x8000
  const magnitude = x & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  if (magnitude >= 0x38800000) return sign | roundShift(magnitude - 0x38000000, 13)
  if (magnitude < 0x33000000) return sign
  return sign | roundShift((magnitude & 0x7fffff) | 0x800000, 126 - (magnitude >>> 23))
}

function roundShift(x: number, shift: number): number {
  const rest = x & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  const floor = x >>> shift
  return rest > half || (rest === half && floor & 1) ? floor + 1 : floor
}

export function fromBf16(values: Uint16Array): Float32Array {
  const out = new Uint32Array(values.length)
  for (let i = 0; i < values.length; i++) out[i] = values[i] << 16
  return new Float32Array(out.buffer)
}

export function toBf16(values: Float32Array): Uint16Array {
  const out = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) {
    word[0] = values[i]
    const x = bits[0]
    out[i] = (x & 0x7fffffff) > 0x7f800000 ? (x >>> 16) | 0x40 : (x + 0x7fff + ((x >>> 16) & 1)) >>> 16
  }
  return out
}
