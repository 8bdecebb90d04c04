import { KinmarkError } from '../error'
import type { NamedBytes } from './bytes'
import { type Dtype, isWeightDtype, weightDtypes } from './dtype/dtype'
import { toFloat32 } from './dtype/float32'
import { type BlockDtype, blockOf, dequantise, isBlockDtype } from './gguf/blocks/blocks'
import { fromPackedFp4 } from './gguf/blocks/small-blocks'
import { type GgufLayout, toHfLayout } from './gguf/layout'

/** Where a tensor is stored: `offset` counts from the first byte of `file`. */
export type Tensor = {
  name: string
  dtype: Dtype | BlockDtype
  /** The shape in a Hugging Face folder, which `ggufLayout` may differ from. */
  shape: readonly number[]
  file: string
  offset: number
  byteLength: number
  ggufLayout?: GgufLayout
  /** Where the scales of blocks are that are apart from their codes; see `fromPackedFp4`. */
  scales?: { file: string; offset: number; byteLength: number }
}

export type TensorTable = ReadonlyMap<string, Tensor>

/** Reads one tensor as float32, row-major in its own shape. */
export async function readTensor(
  files: readonly NamedBytes[],
  tensors: TensorTable,
  name: string,
): Promise<Float32Array> {
  const tensor = tensors.get(name)
  if (!tensor) throw new KinmarkError('weights.tensor-unknown', { tensor: name })
  const read = ({ file: path, offset, byteLength }: Pick<Tensor, 'file' | 'offset' | 'byteLength'>) => {
    const file = files.find((f) => f.path === path)
    if (!file) throw new KinmarkError('weights.file-missing', { path })
    return file.bytes.slice(offset, offset + byteLength)
  }
  const values = decodeTensor(tensor, await read(tensor), tensor.scales && (await read(tensor.scales)))
  return tensor.ggufLayout ? toHfLayout(values, tensor.shape, tensor.ggufLayout) : values
}

/** Part of a tensor's bytes as float32. Of block types, `bytes` must be whole blocks; `scales` are theirs where they are apart. */
export function decodeTensor({ name, dtype, file }: Tensor, bytes: Uint8Array, scales?: Uint8Array): Float32Array {
  if (scales) return fromPackedFp4(bytes, scales)
  if (isWeightDtype(dtype)) return toFloat32(bytes, dtype)
  if (!isBlockDtype(dtype))
    throw new KinmarkError('weights.tensor-type-unsupported', {
      ...{ tensor: name, path: file, type: dtype, supported: weightDtypes },
    })
  const block = blockOf(dtype)
  const out = new Float32Array((bytes.length / block.bytes) * block.weights)
  dequantise(bytes, dtype, out)
  return out
}
