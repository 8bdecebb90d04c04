import { KinmarkError } from '../error'
import { isWeightDtype } from '../weights/dtype'
import type { TensorTable } from '../weights/tensor'
import type { GraphBuilder } from './graph-builder'

/** Declares each weight at its first use: an input where editable, else the file's own bytes, widened to float32. */
export function graphWeights(
  g: GraphBuilder,
  tensors: TensorTable,
  editable: ReadonlyMap<string, readonly number[]>,
): (name: string) => string {
  const declared = new Map<string, string>()
  const declare = (name: string) => {
    const tensor = tensors.get(name)
    if (!tensor || !isWeightDtype(tensor.dtype)) throw new KinmarkError(`The model has no weight “${name}”.`)
    const shape = editable.get(name)
    if (shape) return g.input({ name, type: 'F32', shape })
    const stored = g.initializer({ ...tensor, type: tensor.dtype })
    return tensor.dtype === 'F32' ? stored : g.add('Cast', [stored], { to: 1 })
  }
  return (name) => {
    const value = declared.get(name) ?? declare(name)
    declared.set(name, value)
    return value
  }
}
