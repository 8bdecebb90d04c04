import { KinmarkError } from '../error'
import type { NamedBytes } from './bytes'
import { parseConfig } from './config/config'
import { embeddingName } from './config/tensor-names'
import { requiredTensors } from './config/tensor-shapes'
import { ggufConfig } from './gguf/config'
import { ggufFiles, readGgufParts } from './gguf/parts'
import { ggufTensors } from './gguf/tensors'
import { inspectModel, type Model } from './inspect-model'
import { sniffFormat } from './safetensors/sniff-format'

/** Weights that can be run and verified, but not necessarily published. */
export type InspectedWeights = Pick<Model, 'config' | 'tensors' | 'parameters' | 'sizeBytes' | 'card' | 'leftOut'> & {
  /** The embedding's type, which is taken as the model's. */
  dtype: string
}

/**
 * Reads a Hugging Face folder, or a folder with one GGUF file, or the parts of one, instead of config and weights.
 * Throws `weights.*`.
 */
export async function inspectWeights(files: readonly NamedBytes[]): Promise<InspectedWeights> {
  const parts = ggufFiles(files)
  return parts.length > 0 ? inspectGguf(parts) : inspectModel(files)
}

async function inspectGguf(parts: readonly NamedBytes[]): Promise<InspectedWeights> {
  for (const part of parts) await assertNoOtherFormat(part)
  const gguf = await readGgufParts(parts)
  const config = parseConfig(JSON.stringify(await ggufConfig(gguf, parts)), gguf.path)
  const tensors = requiredTensors(config, ggufTensors(gguf, config), gguf.path)
  const all = [...tensors.values()]
  return {
    config,
    tensors,
    dtype: tensors.get(embeddingName(config))?.dtype ?? 'F32',
    parameters: all.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0),
    sizeBytes: all.reduce((sum, { byteLength }) => sum + byteLength, 0),
    card: null,
    leftOut: [],
  }
}

/** Throws for what was downloaded in place of a GGUF file. */
async function assertNoOtherFormat({ path, bytes }: NamedBytes): Promise<void> {
  const format = sniffFormat(await bytes.slice(0, Math.min(64, bytes.byteLength)))
  if (format && format !== 'gguf') throw new KinmarkError('weights.wrong-format', { path, format })
}
