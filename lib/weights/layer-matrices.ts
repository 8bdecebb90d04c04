import type { TensorTable } from './tensor'

/** Names of the matrices inside the layers. */
export function layerMatrices(tensors: TensorTable): string[] {
  return [...tensors.values()].flatMap(({ name, shape }) => (shape.length === 2 && /\.\d+\./.test(name) ? [name] : []))
}
