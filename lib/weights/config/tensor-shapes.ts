import { LegacyError } from '../../error'
import { isWeightDtype } from '../dtype/dtype'
import { isBlockDtype } from '../gguf/blocks'
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

/** Every tensor that the config calls for, with its shape in the file. */
function tensorShapes(config: ModelConfig): Map<string, number[]> {
  const { hidden, ff, layers, heads, kvHeads, headDim, vocab } = config
  const { norm, qkNorm, parts } = familyRow(config)
  const [q, kv] = [heads * headDim, kvHeads * headDim]
  const ofPart: Record<Part, number[]> = {
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
      const biased = config.biased.includes(part) || (norm === 'layer' && ofPart[part].length === 1)
      set(partName(config, layer, part) as string, ofPart[part], biased)
    }
  return shapes
}

/** Refuses tensors that are not those of the config: one missing, of another shape or type, or one too many. */
export function assertTensorsFit(config: ModelConfig, tensors: TensorTable): void {
  const shapes = tensorShapes(config)
  for (const [name, shape] of shapes) {
    const tensor = tensors.get(name)
    const wanted = `[${shape.join(', ')}]`
    if (!tensor) throw new LegacyError(`Tensor “${name}” is missing; “config.json” calls for it with shape ${wanted}.`)
    const found = `[${tensor.shape.join(', ')}]`
    if (found !== wanted)
      throw new LegacyError(
        `Tensor “${name}” in “${tensor.file}” has shape ${found}, but “config.json” calls for ${wanted}.`,
      )
    if (!isWeightDtype(tensor.dtype) && !isBlockDtype(tensor.dtype))
      throw new LegacyError(
        `Tensor “${name}” is of type ${tensor.dtype}; weights must be F32, F16 or BF16${tensor.dtype.startsWith('F8') ? ': take the release that is not in fp8' : ''}.`,
      )
  }
  const { head, unread } = familyRow(config)
  for (const { name, file } of tensors.values())
    if (!shapes.has(name) && name !== `${head}.weight` && !rotaryTable.test(name) && !unread?.test(name))
      throw new LegacyError(`“${file}” has a tensor “${name.slice(0, 80)}” that “config.json” does not call for.`)
}

/** Old exports keep the rotary table, and some repeat a tied embedding: neither is read. */
const rotaryTable = /(^|\.)rotary_emb\.inv_freq$/

/** The config under the names that its files use: those saved from the model without its head lack the prefix. */
export function withPrefixOf(tensors: TensorTable, config: ModelConfig): ModelConfig {
  const bare = { ...config, prefix: '' }
  return !tensors.has(embeddingName(config)) && tensors.has(embeddingName(bare)) ? bare : config
}
