import { KinmarkError, LegacyError } from '../error'
import type { NamedBytes } from './bytes'
import { parseConfig } from './config/config'
import { embeddingName } from './config/tensor-names'
import { assertTensorsFit } from './config/tensor-shapes'
import { ggufConfig } from './gguf/config'
import { readGguf } from './gguf/read-gguf'
import { ggufTensors } from './gguf/tensors'
import { inspectModel, type Model } from './inspect-model'

/** Weights that can be run and checked, although perhaps not published. */
export type InspectedWeights = Pick<Model, 'config' | 'tensors' | 'parameters' | 'sizeBytes' | 'card'> & {
  dtype: string
}

/** A Hugging Face folder, or a folder with one GGUF file in place of config and weights. */
export async function inspectWeights(files: readonly NamedBytes[]): Promise<InspectedWeights> {
  const [file, ...more] = files.filter(({ path }) => path.endsWith('.gguf') && !path.includes('/'))
  if (!file || files.some(({ path }) => path.endsWith('.safetensors'))) return inspectModel(files)
  if (more.length > 0)
    throw new LegacyError(`The folder has ${1 + more.length} GGUF files; one that holds the whole model is expected.`)
  return inspectGguf(file)
}

async function inspectGguf(file: NamedBytes): Promise<InspectedWeights> {
  const gguf = await readGguf(file)
  const json = JSON.stringify(await ggufConfig(gguf, file))
  const { config, tensors } = inWordsOf(file.path, () => {
    const config = parseConfig(json)
    const tensors = ggufTensors(gguf, config)
    assertTensorsFit(config, tensors)
    return { config, tensors }
  })
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

/** What is wrong with the config is wrong with the metadata that it was made of. */
function inWordsOf<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    if (!(cause instanceof KinmarkError)) throw cause
    throw new LegacyError(cause.message.replaceAll('“config.json”', `the metadata of “${path}”`), { cause })
  }
}
