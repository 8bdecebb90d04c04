import { KinmarkError } from '../../error'

/** A preparation holds a matrix for each edited layer, so deep models have this many edited. */
const most = 8

/** All layers; of a model with more than eight, the last eight. */
export function defaultLayers(depth: number): number[] {
  const first = Math.max(0, depth - most)
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
