import { KinmarkError } from '../error'
import type { NamedBytes } from './bytes'
import { parseConfig } from './config/config'
import { embeddingName } from './config/tensor-names'
import { assertTensorsFit } from './config/tensor-shapes'
import { ggufConfig } from './gguf/config'
import { readGguf } from './gguf/read-gguf'
import { ggufTensors } from './gguf/tensors'
import { inspectModel, type Model } from './inspect-model'

/** Weights that can be run and verified, but not necessarily published. */
export type InspectedWeights = Pick<Model, 'config' | 'tensors' | 'parameters' | 'sizeBytes' | 'card'> & {
  /** The embedding's type, which is taken as the model's. */
  dtype: string
}

/** Reads a Hugging Face folder, or a folder with one GGUF file instead of config and weights. Throws `weights.*`. */
export async function inspectWeights(files: readonly NamedBytes[]): Promise<InspectedWeights> {
  const ggufs = files.filter(({ path }) => path.endsWith('.gguf') && !path.includes('/'))
  const [file] = ggufs
  if (!file || files.some(({ path }) => path.endsWith('.safetensors'))) return inspectModel(files)
  if (ggufs.length > 1) throw new KinmarkError('weights.several-gguf-files', { paths: ggufs.map(({ path }) => path) })
  return inspectGguf(file)
}

async function inspectGguf(file: NamedBytes): Promise<InspectedWeights> {
  const gguf = await readGguf(file)
  const config = parseConfig(JSON.stringify(await ggufConfig(gguf, file)), file.path)
  const tensors = ggufTensors(gguf, config)
  assertTensorsFit(config, tensors, file.path)
  const all = [...tensors.values()]
  return {
    config,
    tensors,
    dtype: tensors.get(embeddingName(config))?.dtype ?? 'F32',
    parameters: all.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    sizeBytes: all.reduce((sum, { byteLength }) => sum + byteLength, 0),
    card: null,
  }
}
