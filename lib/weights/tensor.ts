import { LegacyError } from '../error'
import type { NamedBytes } from './bytes'
import { type Dtype, isWeightDtype } from './dtype/dtype'
import { toFloat32 } from './dtype/float32'
import { type BlockDtype, blockOf, dequantise, isBlockDtype } from './gguf/blocks'
import { type GgufLayout, toHfLayout } from './gguf/layout'

/** Where a tensor lies: `offset` counts from the first byte of `file`. */
export type Tensor = {
  name: string
  dtype: Dtype | BlockDtype
  /** As in a Hugging Face folder. */
  shape: readonly number[]
  file: string
  offset: number
  byteLength: number
  ggufLayout?: GgufLayout
}

export type TensorTable = ReadonlyMap<string, Tensor>

/** One tensor as float32, row-major in its own shape. */
export async function readTensor(
  files: readonly NamedBytes[],
  tensors: TensorTable,
  name: string,
): Promise<Float32Array> {
  const tensor = tensors.get(name)
  if (!tensor) throw new LegacyError(`The model has no tensor “${name}”.`)
  const file = files.find((f) => f.path === tensor.file)
  if (!file) throw new LegacyError(`“${tensor.file}”, which holds “${name}”, is not among the files.`)
  const values = decodeTensor(tensor, await file.bytes.slice(tensor.offset, tensor.offset + tensor.byteLength))
  return tensor.ggufLayout ? toHfLayout(values, tensor.shape, tensor.ggufLayout) : values
}

/** A stretch of a tensor's bytes as float32: of whole blocks, where it has such. */
export function decodeTensor({ name, dtype }: Tensor, bytes: Uint8Array): Float32Array {
  if (isWeightDtype(dtype)) return toFloat32(bytes, dtype)
  if (!isBlockDtype(dtype))
    throw new LegacyError(`“${name}” is of type ${dtype}; only F32, F16 and BF16 can be read as weights.`)
  const block = blockOf(dtype)
  const out = new Float32Array((bytes.length / block.bytes) * block.weights)
  dequantise(bytes, dtype, out)
  return out
}
