import type { WeightDtype } from './dtype'
import { fromBf16, fromF16, toBf16, toF16 } from './half'

/** A tensor's bytes as float32. Little-endian on both sides, as in safetensors and on every machine we run on. */
export function widen(bytes: Uint8Array, dtype: WeightDtype): Float32Array {
  const { buffer } = bytes.slice()
  if (dtype === 'F32') return new Float32Array(buffer)
  return dtype === 'F16' ? fromF16(new Uint16Array(buffer)) : fromBf16(new Uint16Array(buffer))
}

/** The inverse of `widen`, rounding to nearest even. */
export function narrow(values: Float32Array, dtype: WeightDtype): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.slice().buffer)
  return new Uint8Array((dtype === 'F16' ? toF16(values) : toBf16(values)).buffer)
}
