import { KinmarkError } from '../error'
import type { NamedBytes } from './bytes'
import { type ModelConfig, parseConfig } from './config/config'
import { embeddingName } from './config/tensor-names'
import { assertTensorsFit, withPrefixOf } from './config/tensor-shapes'
import type { WeightDtype } from './dtype/dtype'
import { readSafetensors } from './safetensors/read-safetensors'
import { assertIndexFits, indexPath } from './safetensors/shard-index'
import type { Tensor, TensorTable } from './tensor'
import { type Card, readCard } from './text/card'
import { readText } from './text/text'

/** The checked contents of a Hugging Face folder. */
export type Model = {
  config: ModelConfig
  tensors: TensorTable
  /** The embedding's type, which is taken as the model's. */
  dtype: WeightDtype
  parameters: number
  /** Size of the weights alone. */
  sizeBytes: number
  card: Card | null
}

const textLimit = 4_194_304
const indexLimit = 33_554_432
const pickle = /\.(bin|pt|pth|ckpt|pkl|pickle)$/i

/** Reads and checks a Hugging Face folder: headers and small texts only, whatever its size. Throws `weights.*`. */
export async function inspectModel(files: readonly NamedBytes[]): Promise<Model> {
  for (const { path } of files)
    if (pickle.test(path)) throw new KinmarkError('weights.wrong-format', { path, format: 'pickle' })
  const gguf = files.find(({ path }) => path.endsWith('.gguf'))
  if (gguf && !files.some(({ path }) => path.endsWith('.safetensors')))
    throw new KinmarkError('weights.gguf-not-publishable', { path: gguf.path })
  const parsed = parseConfig(await readText(configFile(files), textLimit))
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
  if (weights.length === 0) throw new KinmarkError('weights.no-weights')
  const tensors = new Map<string, Tensor>()
  for (const file of weights)
    for (const tensor of await readSafetensors(file)) {
      const other = tensors.get(tensor.name)
      if (other) throw new KinmarkError('weights.tensor-twice', { tensor: tensor.name, paths: [other.file, file.path] })
      tensors.set(tensor.name, tensor)
    }
  const index = files.find(({ path }) => path === indexPath)
  if (index) assertIndexFits(await readText(index, indexLimit), tensors)
  return tensors
}

function configFile(files: readonly NamedBytes[]): NamedBytes {
  const path = 'config.json'
  const file = files.find((f) => f.path === path)
  if (!file) throw new KinmarkError('weights.config-missing', { path })
  return file
}
