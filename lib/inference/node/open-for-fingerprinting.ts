import type { NamedBytes } from '../../weights/bytes'
import { assertCanFingerprint } from '../../weights/can-fingerprint'
import { downProjOf } from '../../weights/config/tensor-names'
import type { WeightDtype } from '../../weights/dtype/dtype'
import { inspectModel, type Model } from '../../weights/inspect-model'
import type { FingerprintRuntime } from '../runtime'
import { folderFiles } from './folder'
import { openNodeRuntime } from './open-node-runtime'

export type FingerprintableFolder = {
  files: NamedBytes[]
  model: Model
  /** The layers to edit, and the type of their down_proj matrices in the files. */
  layers: readonly number[]
  dtype: WeightDtype
  /** Opens a runtime in which those matrices, and the tensors in `more`, can be replaced. */
  open(options?: { threads?: number; more?: readonly string[] }): Promise<FingerprintRuntime>
}

/**
 * Inspects a Hugging Face folder for preparing or minting. Throws where the model cannot be fingerprinted. `layersOf`
 * chooses the layers to edit from the model’s depth; a layer beyond the depth is left for `prepare` to reject.
 */
export async function openForFingerprinting(
  folder: string,
  layersOf: (depth: number) => readonly number[],
): Promise<FingerprintableFolder> {
  const files = await folderFiles(folder)
  const model = await inspectModel(files)
  const { config, tensors } = model
  assertCanFingerprint(config)
  const layers = layersOf(config.layers)
  const downProj = layers.filter((layer) => layer < config.layers).map((layer) => downProjOf(config, layer).name)
  return {
    files,
    model,
    layers,
    dtype: tensors.get(downProj[0])?.dtype as WeightDtype,
    open: ({ threads, more = [] } = {}) =>
      openNodeRuntime(folder, { editable: [...new Set([...downProj, ...more])], threads }),
  }
}
