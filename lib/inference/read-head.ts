import type { NamedBytes } from '../weights/bytes'
import { biasName, familyRow, finalNormName, headName } from '../weights/config/tensor-names'
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
    gain: weights.map((x) => config.logitScale * (norm === 'rms1' ? 1 + x : x)),
    shift: norm === 'layer' ? await readTensor(files, tensors, biasName(name)) : null,
    centred: norm === 'layer',
    epsilon: config.normEpsilon,
    unembedding: await readMatrix(files, tensors, headName(config)),
    cap: config.logitCap,
  }
}
