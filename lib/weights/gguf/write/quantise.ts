import { toF16 } from '../../dtype/half'

/** Types that weights can be written in. */
export type WrittenType = 'F32' | 'F16' | 'Q8_0' | 'Q4_K' | 'Q6_K'

type Quantiser = { weights: number; bytes: number; write(x: Float32Array, out: Uint8Array): void }

/** ggml’s numbers of these types, and how many weights a block of them holds in how many bytes. */
export const writtenTypes: Readonly<Record<WrittenType, { id: number; weights: number; bytes: number }>> = {
  F32: { id: 0, weights: 1, bytes: 4 },
  F16: { id: 1, weights: 1, bytes: 2 },
  Q8_0: { id: 8, weights: 32, bytes: 34 },
  Q4_K: { id: 12, weights: 256, bytes: 144 },
  Q6_K: { id: 14, weights: 256, bytes: 210 },
}

/**
 * Weights in one of ggml's types, with the scales that its reference finds:
 * https://github.com/ggml-org/ggml/blob/master/src/ggml-quants.c. `values.length` must be whole blocks.
 */
export function quantise(values: Float32Array, type: WrittenType): Uint8Array {
  if (type === 'F32') return new Uint8Array(values.slice().buffer)
  if (type === 'F16') return new Uint8Array(toF16(values).buffer)
  const { weights, bytes, write } = quantisers[type]
  const out = new Uint8Array((values.length / weights) * bytes)
  for (let block = 0; block * weights < values.length; block++)
    write(values.subarray(block * weights, (block + 1) * weights), out.subarray(block * bytes, (block + 1) * bytes))
  return out
}

const quantisers: Record<'Q8_0' | 'Q4_K' | 'Q6_K', Quantiser> = {
  Q8_0: { ...writtenTypes.Q8_0, write: writeQ8 },
  Q4_K: { ...writtenTypes.Q4_K, write: writeQ4K },
  Q6_K: { ...writtenTypes.Q6_K, write: writeQ6K },
}

/** d · q. */
function writeQ8(x: Float32Array, out: Uint8Array): void {
  const d = largest(x) / 127
  const inverse = d === 0 ? 0 : 1 / d
  putHalf(out, 0, d)
  for (let i = 0; i < 32; i++) out[2 + i] = round(x[i] * inverse) & 255
}

/** Eight groups of 32: d · scale · q − dmin · minimum, with scales and minima of six bits and q of four. */
function writeQ4K(x: Float32Array, out: Uint8Array): void {
  const groups = Array.from({ length: 8 }, (_, j) => shiftedScale(x.subarray(32 * j, 32 * j + 32)))
  const most = (key: 'scale' | 'minimum') => Math.max(0, ...groups.map((group) => group[key]))
  const [mostScale, mostMinimum] = [most('scale'), most('minimum')]
  const steps = (value: number, largest: number) =>
    largest > 0 ? Math.min(63, Math.max(0, round((63 / largest) * value))) : 0
  const scales = groups.map(({ scale }) => steps(scale, mostScale))
  const minima = groups.map(({ minimum }) => steps(minimum, mostMinimum))
  const d = putHalf(out, 0, mostScale / 63)
  const dmin = putHalf(out, 2, mostMinimum / 63)
  for (let i = 0; i < 4; i++) {
    out[4 + i] = scales[i] | ((scales[i + 4] >> 4) << 6)
    out[8 + i] = minima[i] | ((minima[i + 4] >> 4) << 6)
    out[12 + i] = (scales[i + 4] & 15) | ((minima[i + 4] & 15) << 4)
  }
  for (let j = 0; j < 8; j++) {
    const [scale, low] = [d * scales[j], dmin * minima[j]]
    for (let i = 0; i < 32; i++) {
      const code = scale === 0 ? 0 : clamp(round((x[32 * j + i] + low) / scale), 0, 15)
      out[16 + 32 * (j >> 1) + i] |= code << (4 * (j & 1))
    }
  }
}

/** Sixteen groups of 16: d · scale · (q − 32), with scales of eight bits and q of six. */
function writeQ6K(x: Float32Array, out: Uint8Array): void {
  const found = Array.from({ length: 16 }, (_, j) => signedScale(x.subarray(16 * j, 16 * j + 16)))
  const extreme = found.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0)
  if (Math.abs(extreme) < 1e-15) return
  const inverse = -128 / extreme
  const d = putHalf(out, 208, 1 / inverse)
  for (let j = 0; j < 16; j++) {
    const scale = Math.min(127, round(inverse * found[j]))
    out[192 + j] = scale & 255
    for (let i = 0; i < 16; i++) {
      const code = scale * d === 0 ? 32 : clamp(round(x[16 * j + i] / (d * scale)), -32, 31) + 32
      const [at, column] = [16 * j + i, (16 * j + i) & 31]
      const [half, row] = [at >> 7, (at >> 5) & 3]
      out[64 * half + 32 * (row & 1) + column] |= (code & 15) << (4 * (row >> 1))
      out[128 + 32 * half + column] |= (code >> 4) << (2 * row)
    }
  }
}

/** The scale and the minimum (below zero, without its sign) that 4 bits do best with: `make_qkx2_quants`. */
function shiftedScale(x: Float32Array): { scale: number; minimum: number } {
  let [low, high, squares] = [0, x[0], 0]
  for (const v of x) {
    if (v < low) low = v
    if (v > high) high = v
    squares += v * v
  }
  if (high === low) return { scale: 0, minimum: -low }
  const mean = Math.sqrt(squares / x.length)
  let [sumW, sumX, sumXX] = [0, 0, 0]
  for (const v of x) {
    const weight = mean + Math.abs(v)
    sumW += weight
    sumX += weight * v
    sumXX += weight * v * v
  }
  let best = { scale: 0, minimum: 0, error: Number.POSITIVE_INFINITY }
  for (let step = -1; step <= 20; step++) {
    const inverse = (step < 0 ? 15 : 14 + 0.1 * step) / (high - low)
    let [sumL, sumLL, sumXL] = [0, 0, 0]
    for (const v of x) {
      const code = Math.min(15, (inverse * (v - low) + 0.5) | 0)
      const weighted = (mean + Math.abs(v)) * code
      sumL += weighted
      sumLL += weighted * code
      sumXL += weighted * v
    }
    let [scale, minimum] = [1 / inverse, low]
    if (step >= 0) {
      const determinant = sumW * sumLL - sumL * sumL
      if (determinant <= 0) continue
      scale = (sumW * sumXL - sumX * sumL) / determinant
      minimum = (sumLL * sumX - sumL * sumXL) / determinant
      if (minimum > 0) [scale, minimum] = [sumXL / sumLL, 0]
    }
    // Σ w · (scale · code + minimum − x)²
    const squared = scale * scale * sumLL + minimum * minimum * sumW + sumXX
    const error = squared + 2 * (scale * minimum * sumL - scale * sumXL - minimum * sumX)
    if (error < best.error) best = { scale, minimum, error }
  }
  return { scale: best.scale, minimum: -best.minimum }
}

/** The scale that 6 bits with a sign do best with: `make_qx_quants`. */
function signedScale(x: Float32Array): number {
  const extreme = x.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0)
  if (Math.abs(extreme) < 1e-15) return 0
  let [scale, best] = [0, 0]
  for (const step of [0, ...Array.from({ length: 19 }, (_, i) => i - 9).filter((i) => i !== 0)]) {
    const inverse = -(32 + 0.1 * step) / extreme
    let [sumXL, sumLL] = [0, 0]
    for (const v of x) {
      const l = clamp(round(inverse * v), -32, 31)
      sumXL += v * v * v * l
      sumLL += v * v * l * l
    }
    if (sumLL > 0 && (step === 0 || sumXL * sumXL > best * sumLL)) [scale, best] = [sumXL / sumLL, sumXL ** 2 / sumLL]
  }
  return scale
}

/** Writes a half-precision number, and returns what a reader finds. */
function putHalf(out: Uint8Array, at: number, value: number): number {
  const bits = toF16(Float32Array.of(value))[0]
  out[at] = bits & 255
  out[at + 1] = bits >> 8
  return fromHalf(bits)
}

function fromHalf(bits: number): number {
  const [sign, exponent, fraction] = [bits >> 15 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25)
}

const largest = (x: Float32Array) => x.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
const clamp = (value: number, least: number, most: number) => (value < least ? least : value > most ? most : value)
const round = (value: number) => Math.floor(value + 0.5)
