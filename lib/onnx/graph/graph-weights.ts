import { KinmarkError } from '../../error'
import { isWeightDtype, type WeightDtype } from '../../weights/dtype/dtype'
import type { TensorTable } from '../../weights/tensor'
import type { GraphBuilder } from './graph-builder'
import type { Precision } from './precision'

/** The name of a weight in the given precision, float32 by default. */
export type Weight = (name: string, precision?: Precision) => string

/**
 * Declares each weight at its first use, as a float32 input if it is editable, else as the bytes of its file. Casts it
 * once for each precision. `editable` has the shapes [out, in].
 */
export function graphWeights(
  g: GraphBuilder,
  tensors: TensorTable,
  editable: ReadonlyMap<string, readonly number[]>,
): Weight {
  const declared = new Map<string, WeightDtype>()
  const casts = new Map<string, string>()
  const declare = (name: string): WeightDtype => {
    const tensor = tensors.get(name)
    if (!tensor || !isWeightDtype(tensor.dtype)) throw new KinmarkError('weights.tensor-unknown', { tensor: name })
    const shape = editable.get(name)
    const type = shape ? 'F32' : tensor.dtype
    if (shape) g.input({ name, type, shape })
    else g.initializer({ ...tensor, type })
    declared.set(name, type)
    return type
  }
  return (name, precision = 'F32') => {
    const type = declared.get(name) ?? declare(name)
    if (type === precision) return name
    const key = `${name} ${precision}`
    const value = casts.get(key) ?? g.castEarly(name, precision)
    casts.set(key, value)
    return value
  }
}
