import { type WeightDtype, widthOf } from './dtype'
import { fromBf16, fromF16, toBf16, toF16 } from './half'

/**
 * A tensor's bytes as float32: a view if they are already F32 and aligned, else a copy. Both sides are little-endian,
 * as safetensors files and all supported machines are.
 */
export function toFloat32(bytes: Uint8Array, dtype: WeightDtype): Float32Array {
  const width = widthOf(dtype)
  const { buffer, byteOffset } = bytes.byteOffset % width === 0 ? bytes : bytes.slice()
  const count = bytes.length / width
  if (dtype === 'F32') return new Float32Array(buffer, byteOffset, count)
  const halves = new Uint16Array(buffer, byteOffset, count)
  return dtype === 'F16' ? fromF16(halves) : fromBf16(halves)
}

/** The inverse of `toFloat32`, rounding to nearest, ties to even. For F32 the result is a view of `values`. */
export function fromFloat32(values: Float32Array, dtype: WeightDtype): Uint8Array {
  if (dtype === 'F32') return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return new Uint8Array((dtype === 'F16' ? toF16(values) : toBf16(values)).buffer)
}
