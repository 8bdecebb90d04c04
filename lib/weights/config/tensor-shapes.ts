import { KinmarkError } from '../../error'
import { isWeightDtype, weightDtypes } from '../dtype/dtype'
import { isBlockDtype } from '../gguf/blocks/blocks'
import type { TensorTable } from '../tensor'
import type { ModelConfig } from './config'
import type { Part } from './families'
import {
  biasName,
  embeddingName,
  familyRow,
  finalNormName,
  headName,
  isInOut,
  partName,
  positionsName,
} from './tensor-names'

/** Every tensor that the config requires, with its shape in the file. */
function tensorShapes(config: ModelConfig): Map<string, number[]> {
  const { hidden, ff, layers, heads, kvHeads, headDim, vocab } = config
  const { norm, qkNorm, parts } = familyRow(config)
  const [q, kv] = [heads * headDim, kvHeads * headDim]
  const partShapes: Record<Part, number[]> = {
    attentionNorm: [hidden],
    q: [q, hidden],
    k: [kv, hidden],
    v: [kv, hidden],
    qkv: [q + 2 * kv, hidden],
    qNorm: [qkNorm === 'head' ? headDim : q],
    kNorm: [qkNorm === 'head' ? headDim : kv],
    attentionOut: [hidden, q],
    attentionPostNorm: [hidden],
    mlpNorm: [hidden],
    gate: [ff, hidden],
    up: [ff, hidden],
    gateUp: [2 * ff, hidden],
    down: [hidden, ff],
    mlpPostNorm: [hidden],
  }
  const shapes = new Map<string, number[]>()
  const set = (name: string, shape: number[], biased: boolean) => {
    shapes.set(name, isInOut(config, name) ? shape.toReversed() : shape)
    if (biased) shapes.set(biasName(name), [shape[0]])
  }
  const positions = positionsName(config)
  set(embeddingName(config), [vocab, hidden], false)
  set(headName(config), [vocab, hidden], false)
  set(finalNormName(config), [hidden], norm === 'layer')
  if (positions) set(positions, [config.maxPositions, hidden], false)
  for (let layer = 0; layer < layers; layer++)
    for (const part of Object.keys(parts) as Part[]) {
      const biased = config.biased.includes(part) || (norm === 'layer' && partShapes[part].length === 1)
      set(partName(config, layer, part) as string, partShapes[part], biased)
    }
  return shapes
}

/**
 * Throws if a tensor that the config requires is missing or has another shape or type, or if there is one that it does
 * not require. `source` names the file that the config comes from.
 */
export function assertTensorsFit(config: ModelConfig, tensors: TensorTable, source = 'config.json'): void {
  const shapes = tensorShapes(config)
  for (const [name, expected] of shapes) {
    const tensor = tensors.get(name)
    if (!tensor) throw new KinmarkError('weights.tensor-missing', { tensor: name, source, shape: expected })
    const { shape, dtype, file: path } = tensor
    if (shape.join() !== expected.join())
      throw new KinmarkError('weights.shape-mismatch', { tensor: name, path, source, shape, expected })
    if (!isWeightDtype(dtype) && !isBlockDtype(dtype))
      throw new KinmarkError('weights.tensor-type-unsupported', {
        ...{ tensor: name, path, type: dtype, supported: weightDtypes },
      })
  }
  const { head, unread } = familyRow(config)
  for (const { name, file } of tensors.values())
    if (!shapes.has(name) && name !== `${head}.weight` && !rotaryTable.test(name) && !unread?.test(name))
      throw new KinmarkError('weights.tensor-unexpected', { tensor: name, path: file, source })
}

/** Old exports contain the rotary table, and some repeat a tied embedding; neither is read. */
const rotaryTable = /(^|\.)rotary_emb\.inv_freq$/

/** The config with the prefix that the files use: files saved from the model without its head have none. */
export function withPrefixOf(tensors: TensorTable, config: ModelConfig): ModelConfig {
  const bare = { ...config, prefix: '' }
  return !tensors.has(embeddingName(config)) && tensors.has(embeddingName(bare)) ? bare : config
}
