import { KinmarkError } from '../error'
import type { NamedBytes } from './bytes'
import { type ModelConfig, parseConfig } from './config/config'
import { packedBy } from './config/families'
import { unstacked } from './config/stacked-experts'
import { embeddingName } from './config/tensor-names'
import { isUnread, requiredTensors, withNamesOf } from './config/tensor-shapes'
import type { WeightDtype } from './dtype/dtype'
import { baseOfAdapter } from './lora/adapter-config'
import { assertNotQuantised } from './quantised'
import { readSafetensors } from './safetensors/read-safetensors'
import { assertIndexFits, indexPath, parseIndex, type ShardIndex } from './safetensors/shard-index'
import { sniffFormat } from './safetensors/sniff-format'
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
  /** Null if there is none or it cannot be read. */
  card: Card | null
  /** Why the card cannot be read. */
  cardFault: KinmarkError | null
  /** Files of weights that are not read. */
  leftOut: readonly string[]
}

const textLimit = 4_194_304
const indexLimit = 33_554_432
const pickle = /\.(bin|pt|pth|ckpt|pkl|pickle)$/i
/** Files of weights, in any format. */
const weightFile = /\.(safetensors|bin|pt|pth|ckpt|pkl|pickle|gguf|onnx|onnx_data|h5|msgpack|tflite|npz)$/i
const wholeModel = 'model.safetensors'
const adapterConfig = 'adapter_config.json'

/**
 * Reads and checks a Hugging Face folder: headers and small texts only, whatever its size. Weights that the index does
 * not name, pickles beside safetensors, and weights in sub-folders are left out. Throws `weights.*`.
 */
export async function inspectModel(files: readonly NamedBytes[]): Promise<Model> {
  const index = await readIndex(files)
  const read = weightsOf(files, index)
  await assertModelFolder(files, read)
  const parsed = parseConfig(await readText(configFile(files), textLimit))
  const found = await readTensors(read)
  assertNotQuantised(found, packedBy(parsed.family))
  const config = withNamesOf(found, parsed)
  if (index) assertIndexFits(index, found, (name) => !isUnread(config, name))
  const tensors = requiredTensors(config, unstacked(found, config))
  const card = files.find(({ path }) => path === 'README.md')
  const all = [...tensors.values()]
  return {
    config,
    tensors,
    dtype: tensors.get(embeddingName(config))?.dtype as WeightDtype,
    parameters: all.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    sizeBytes: all.reduce((sum, { byteLength }) => sum + byteLength, 0),
    ...(card ? await openCard(card) : { card: null, cardFault: null }),
    leftOut: files
      .map(({ path }) => path)
      .filter((path) => weightFile.test(path) && !read.some((f) => f.path === path)),
  }
}

/** Throws if the folder has anything that must not be published with the model, or a card that cannot be read. */
export function assertPublishable({ leftOut, cardFault }: Pick<Model, 'leftOut' | 'cardFault'>): void {
  if (leftOut.length > 0) throw new KinmarkError('weights.leave-out', { paths: leftOut })
  if (cardFault) throw cardFault
}

async function readIndex(files: readonly NamedBytes[]): Promise<ShardIndex | null> {
  const index = files.find(({ path }) => path === indexPath)
  return index ? parseIndex(await readText(index, indexLimit)) : null
}

/** The files of weights to read: those that the index names, or else the whole model’s, or else all. */
function weightsOf(files: readonly NamedBytes[], index: ShardIndex | null): NamedBytes[] {
  const found = files.filter(({ path }) => path.endsWith('.safetensors') && !path.includes('/'))
  if (index) {
    const shards = new Set(index.values())
    return found.filter(({ path }) => shards.has(path))
  }
  const whole = found.find(({ path }) => path === wholeModel)
  return whole ? [whole] : found
}

/** Throws what the folder is instead of a model’s. */
async function assertModelFolder(files: readonly NamedBytes[], read: readonly NamedBytes[]): Promise<void> {
  const at = (test: (path: string) => boolean) => files.find(({ path }) => test(path))
  const adapter = at((path) => path === adapterConfig)
  if (adapter && !at((path) => path === 'config.json')) {
    const base = baseOfAdapter(await readText(adapter, textLimit))
    throw new KinmarkError('weights.adapter', { path: adapter.path, base })
  }
  if (read.length > 0) return
  const gguf = at((path) => path.endsWith('.gguf'))
  if (gguf) throw new KinmarkError('weights.gguf-not-publishable', { path: gguf.path })
  const pickled = at((path) => pickle.test(path))
  if (pickled) throw await wrongFormat(pickled)
  const pipeline = at((path) => path === 'model_index.json')
  if (pipeline)
    throw new KinmarkError('weights.kind-unsupported', {
      ...{ source: pipeline.path, modelType: 'diffusers', kind: 'diffusion' },
    })
  configFile(files)
  throw new KinmarkError('weights.no-weights')
}

/** A pickle by its name may be something else that was downloaded in its place. */
async function wrongFormat({ path, bytes }: NamedBytes): Promise<KinmarkError> {
  const found = sniffFormat(await bytes.slice(0, Math.min(64, bytes.byteLength)))
  return new KinmarkError('weights.wrong-format', { path, format: found ?? 'pickle' })
}

async function openCard(file: NamedBytes): Promise<Pick<Model, 'card' | 'cardFault'>> {
  try {
    return { card: readCard(await readCardText(file)), cardFault: null }
  } catch (fault) {
    if (fault instanceof KinmarkError) return { card: null, cardFault: fault }
    throw fault
  }
}

async function readCardText(file: NamedBytes): Promise<string> {
  try {
    return await readText(file, textLimit)
  } catch (cause) {
    if (!(cause instanceof KinmarkError) || cause.code !== 'weights.not-utf8') throw cause
    const bytes = await file.bytes.slice(0, file.bytes.byteLength)
    const valid = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes).split('\uFFFD')[0]
    throw new KinmarkError('weights.card-not-utf8', { line: valid.split('\n').length }, { cause })
  }
}

async function readTensors(weights: readonly NamedBytes[]): Promise<TensorTable> {
  const tensors = new Map<string, Tensor>()
  for (const file of weights)
    for (const tensor of await readSafetensors(file)) {
      const other = tensors.get(tensor.name)
      if (other) throw new KinmarkError('weights.tensor-twice', { tensor: tensor.name, paths: [other.file, file.path] })
      tensors.set(tensor.name, tensor)
    }
  return tensors
}

function configFile(files: readonly NamedBytes[]): NamedBytes {
  const path = 'config.json'
  const file = files.find((f) => f.path === path)
  if (!file) throw new KinmarkError('weights.config-missing', { path })
  return file
}
