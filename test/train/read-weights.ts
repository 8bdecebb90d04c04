import type { NamedBytes } from '../../lib/weights/bytes'
import { readTensor, type TensorTable } from '../../lib/weights/tensor'
import type { Weights } from './llama'

/** Every tensor of a folder as float32; a vector as a matrix of one row. */
export async function readWeights(files: readonly NamedBytes[], tensors: TensorTable): Promise<Weights> {
  const weights: Weights = new Map()
  for (const { name, shape } of tensors.values()) {
    const data = await readTensor(files, tensors, name)
    weights.set(name, { data, rows: data.length / shape[shape.length - 1], cols: shape[shape.length - 1] })
  }
  return weights
}
