import type { NamedBytes } from '../weights/bytes'
import type { ModelConfig } from '../weights/config/config'
import { biasName, downProjOf, familyRow, finalNormName, headName } from '../weights/config/tensor-names'
import type { InspectedWeights } from '../weights/inspect-weights'
import { readTensor } from '../weights/tensor'
import { readMatrix } from './read-matrix'
import type { Head } from './runtime'

/** Reads the final norm and the unembedding from the files. */
export async function readHead(
  files: readonly NamedBytes[],
  { config, tensors }: Pick<InspectedWeights, 'config' | 'tensors'>,
): Promise<Head> {
  const { norm } = familyRow(config)
  const name = finalNormName(config)
  const weights = await readTensor(files, tensors, name)
  return {
    gain: gainOf(config, weights).map((x) => config.logitScale * x),
    shift: norm === 'layer' ? await readTensor(files, tensors, biasName(name)) : null,
    centred: norm === 'layer',
    epsilon: config.normEpsilon,
    unembedding: await readMatrix(files, tensors, headName(config)),
    cap: config.logitCap,
  }
}

/** The gain of the norm between a layer's down_proj and the residual, [d]; null where there is none. */
export async function readOutputGain(
  files: readonly NamedBytes[],
  { config, tensors }: Pick<InspectedWeights, 'config' | 'tensors'>,
  layer: number,
): Promise<Float32Array | null> {
  const { norm } = downProjOf(config, layer)
  return norm === null ? null : gainOf(config, await readTensor(files, tensors, norm))
}

/** By what a norm with these weights multiplies. */
function gainOf(config: ModelConfig, weights: Float32Array): Float32Array {
  return familyRow(config).norm === 'rms1' ? weights.map((x) => 1 + x) : weights
}
