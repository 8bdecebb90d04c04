import { KinmarkError } from '../error'
import type { NamedBytes } from './bytes'
import { type Dtype, isWeightDtype } from './dtype'
import { widen } from './widen'

/** Where a tensor lies: `offset` counts from the first byte of `file`. */
export type Tensor = {
  name: string
  dtype: Dtype
  shape: readonly number[]
  file: string
  offset: number
  byteLength: number
}

export type TensorTable = ReadonlyMap<string, Tensor>

/** One tensor as float32, row-major in its own shape. */
export async function readTensor(
  files: readonly NamedBytes[],
  tensors: TensorTable,
  name: string,
): Promise<Float32Array> {
  const tensor = tensors.get(name)
  if (!tensor) throw new KinmarkError(`The model has no tensor “${name}”.`)
  const file = files.find((f) => f.path === tensor.file)
  if (!file) throw new KinmarkError(`“${tensor.file}”, which holds “${name}”, is not among the files.`)
  if (!isWeightDtype(tensor.dtype))
    throw new KinmarkError(`“${name}” is of type ${tensor.dtype}; only F32, F16 and BF16 can be read as weights.`)
  return widen(await file.bytes.slice(tensor.offset, tensor.offset + tensor.byteLength), tensor.dtype)
}
