import { LegacyError } from '../error'
import type { NamedBytes } from './bytes'
import { type ModelConfig, parseConfig } from './config/config'
import { embeddingName } from './config/tensor-names'
import { assertTensorsFit, withPrefixOf } from './config/tensor-shapes'
import type { WeightDtype } from './dtype/dtype'
import { readSafetensors } from './safetensors/read-safetensors'
import { assertIndexFits } from './safetensors/shard-index'
import type { Tensor, TensorTable } from './tensor'
import { type Card, readCard } from './text/card'
import { readText } from './text/text'

/** A Hugging Face folder that has been understood: it can be run. */
export type Model = {
  config: ModelConfig
  tensors: TensorTable
  /** The embedding's type, which stands for the model's. */
  dtype: WeightDtype
  parameters: number
  /** Of the weights alone. */
  sizeBytes: number
  card: Card | null
}

const textLimit = 4_194_304
const indexLimit = 33_554_432
const pickle = /\.(bin|pt|pth|ckpt|pkl|pickle)$/i

/** Reads headers and small texts only, so that a folder of any size is understood or refused at once. */
export async function inspectModel(files: readonly NamedBytes[]): Promise<Model> {
  for (const { path } of files)
    if (pickle.test(path))
      throw new LegacyError(
        `“${path}” is a pickle, which can run code when opened: export the weights as safetensors and leave it out.`,
      )
  const gguf = files.find(({ path }) => path.endsWith('.gguf'))
  if (gguf && !files.some(({ path }) => path.endsWith('.safetensors')))
    throw new LegacyError(
      `“${gguf.path}” is a GGUF file: it can be verified, but only the safetensors that it was made of can be published.`,
    )
  const parsed = parseConfig(await readText(required(files, 'config.json'), textLimit))
  const tensors = await readTensors(files)
  const config = withPrefixOf(tensors, parsed)
  assertTensorsFit(config, tensors)
  const card = files.find(({ path }) => path === 'README.md')
  const all = [...tensors.values()]
  return {
    config,
    tensors,
    dtype: tensors.get(embeddingName(config))?.dtype as WeightDtype,
    parameters: all.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    sizeBytes: all.reduce((sum, { byteLength }) => sum + byteLength, 0),
    card: card ? readCard(await readText(card, textLimit)) : null,
  }
}

async function readTensors(files: readonly NamedBytes[]): Promise<TensorTable> {
  const weights = files.filter(({ path }) => path.endsWith('.safetensors') && !path.includes('/'))
  if (weights.length === 0)
    throw new LegacyError('The folder has no weights: a file “model.safetensors” beside “config.json” is expected.')
  const tensors = new Map<string, Tensor>()
  for (const file of weights)
    for (const tensor of await readSafetensors(file)) {
      const other = tensors.get(tensor.name)
      if (other) throw new LegacyError(`Tensor “${tensor.name}” is both in “${other.file}” and in “${file.path}”.`)
      tensors.set(tensor.name, tensor)
    }
  const index = files.find(({ path }) => path === 'model.safetensors.index.json')
  if (index) assertIndexFits(await readText(index, indexLimit), tensors)
  return tensors
}

function required(files: readonly NamedBytes[], path: string): NamedBytes {
  const file = files.find((f) => f.path === path)
  if (!file) throw new LegacyError(`“${path}” is missing: a model is a Hugging Face folder with one at its top.`)
  return file
}
