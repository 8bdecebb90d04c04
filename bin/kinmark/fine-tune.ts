import { KinmarkError } from '../../lib/error'
import type { FineTune } from '../../lib/fingerprint/near-ties/fine-tunes'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { layerMatrices } from '../../lib/weights/layer-matrices'
import type { TensorTable } from '../../lib/weights/tensor'

/** A fine-tune of the base whose tensors are given. Throws `cli.fine-tune-foreign` where a matrix is missing or has another shape. */
export async function openFineTune(folder: string, base: TensorTable): Promise<FineTune & { close(): Promise<void> }> {
  const { model, open } = await openForFingerprinting(folder, () => [])
  const matrices = layerMatrices(base)
  const tensor = matrices.find((name) => `${model.tensors.get(name)?.shape}` !== `${base.get(name)?.shape}`)
  if (tensor !== undefined) throw new KinmarkError('cli.fine-tune-foreign', { folder, tensor })
  const runtime = await open({ more: matrices })
  return { matrices, tensor: (name) => runtime.tensor(name), close: () => runtime.close() }
}
