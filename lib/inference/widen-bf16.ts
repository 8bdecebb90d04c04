import type { Tensor, TensorTable } from '../weights/tensor'
import { widen } from '../weights/widen'

type Whole = { path: string; data: Uint8Array }

/**
 * The same weights with every bfloat16 as float32: onnxruntime's WebGPU has no cast from it. Files without bfloat16 stay
 * as they are.
 */
export function widenBf16(tensors: TensorTable, files: readonly Whole[]): { tensors: TensorTable; files: Whole[] } {
  const table = new Map(tensors)
  const widened = files.map((file) => {
    const held = [...tensors.values()].filter((tensor) => tensor.file === file.path)
    if (!held.some(({ dtype }) => dtype === 'BF16')) return file
    const data = new Uint8Array(held.reduce((sum, tensor) => sum + widerLength(tensor), 0))
    let offset = 0
    for (const tensor of held) {
      const bytes = file.data.subarray(tensor.offset, tensor.offset + tensor.byteLength)
      const wide = tensor.dtype === 'BF16' ? new Uint8Array(widen(bytes, 'BF16').buffer) : bytes
      data.set(wide, offset)
      const dtype = tensor.dtype === 'BF16' ? 'F32' : tensor.dtype
      table.set(tensor.name, { ...tensor, dtype, offset, byteLength: wide.length })
      offset += wide.length
    }
    return { path: file.path, data }
  })
  return { tensors: table, files: widened }
}

function widerLength({ dtype, byteLength }: Tensor): number {
  return dtype === 'BF16' ? 2 * byteLength : byteLength
}
