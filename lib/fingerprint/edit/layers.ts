import { KinmarkError } from '../../error'

/** The last three layers; of a model with fewer than four, all but the first. */
export function defaultLayers(depth: number): number[] {
  const first = Math.max(depth - 3, Math.min(1, depth - 1))
  return Array.from({ length: depth - first }, (_, i) => first + i)
}

/** Throws `fingerprint.layers-invalid` unless the layers are ascending, within the depth, and at least one. */
export function assertLayers(layers: readonly number[], depth: number): void {
  const fits =
    layers.length > 0 &&
    layers.every(
      (layer, i) => Number.isInteger(layer) && layer >= 0 && layer < depth && (i === 0 || layer > layers[i - 1]),
    )
  if (!fits) throw new KinmarkError('fingerprint.layers-invalid', { layers, depth })
}
