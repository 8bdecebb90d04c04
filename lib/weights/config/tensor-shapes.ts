import { KinmarkError } from '../../error'
import { isWeightDtype, weightDtypes } from '../dtype/dtype'
import { isBlockDtype } from '../gguf/blocks/blocks'
import type { TensorTable } from '../tensor'
import type { ModelConfig } from './config'
import type { Part } from './families'
import { hasPlainExperts } from './stacked-experts'
import {
  biasName,
  embeddingName,
  expertNames,
  familyRow,
  finalNormName,
  headName,
  isInOut,
  layerInputNames,
  partName,
  positionsName,
  storedName,
} from './tensor-names'

/** The shapes in which the parts of a layer are multiplied; matrices are [out, in]. */
function partShapes(config: ModelConfig, layer: number): Record<Part, readonly number[]> {
  const { hidden, heads, blocks, delta, mamba, shortConv, layerInput, experts } = config
  const { qkNorm, gatedQuery } = familyRow(config)
  const { headDim, kvHeads, ff } = blocks[layer]
  const [q, kv] = [heads * headDim, kvHeads * headDim]
  const [keys, values] = delta ? [delta.keyHeads * delta.keyDim, delta.valueHeads * delta.valueDim] : [0, 0]
  const inner = mamba ? mamba.heads * mamba.headDim : 0
  const convolved = mamba ? inner + 2 * mamba.groups * mamba.state : 0
  const width = layerInput?.width ?? 0
  const perValueHead = [delta?.valueHeads ?? 0]
  const perMambaHead = [mamba?.heads ?? 0]
  return {
    attentionNorm: [hidden],
    q: [gatedQuery ? 2 * q : q, hidden],
    k: [kv, hidden],
    v: [kv, hidden],
    qkv: [q + 2 * kv, hidden],
    qNorm: [qkNorm === 'head' ? headDim : q],
    kNorm: [qkNorm === 'head' ? headDim : kv],
    sinks: [heads],
    attentionOut: [hidden, q],
    attentionPostNorm: [hidden],
    mlpNorm: [hidden],
    gate: [ff, hidden],
    up: [ff, hidden],
    gateUp: [2 * ff, hidden],
    down: [hidden, ff],
    mlpPostNorm: [hidden],
    router: [experts?.count ?? 0, hidden],
    layerInputGate: [width, hidden],
    layerInputOut: [hidden, width],
    layerInputNorm: [hidden],
    layerScale: [1],
    deltaQkv: [2 * keys + values, hidden],
    deltaGate: [values, hidden],
    deltaBeta: [...perValueHead, hidden],
    deltaDecay: [...perValueHead, hidden],
    deltaConv: [2 * keys + values, 1, delta?.kernel ?? 0],
    deltaLogDecay: perValueHead,
    deltaTimeBias: perValueHead,
    deltaNorm: [delta?.valueDim ?? 0],
    deltaOut: [hidden, values],
    convIn: [3 * hidden, hidden],
    conv: [hidden, 1, shortConv?.kernel ?? 0],
    convOut: [hidden, hidden],
    mambaIn: [inner + convolved + (mamba?.heads ?? 0), hidden],
    mambaConv: [convolved, 1, mamba?.kernel ?? 0],
    mambaLogDecay: perMambaHead,
    mambaTimeBias: perMambaHead,
    mambaSkip: perMambaHead,
    mambaNorm: [inner],
    mambaOut: [hidden, inner],
  }
}

/** Every tensor that the config requires, with its shape in the file. */
function tensorShapes(config: ModelConfig): Map<string, readonly number[]> {
  const { hidden, layers, vocab, layerInput, experts, blocks } = config
  const { norm, parts } = familyRow(config)
  const shapes = new Map<string, readonly number[]>()
  const set = (name: string, shape: readonly number[], biased: boolean) => {
    shapes.set(name, isInOut(config, name) ? shape.toReversed() : shape)
    if (biased) shapes.set(biasName(name), [shape[0]])
  }
  const positions = positionsName(config)
  set(embeddingName(config), [vocab, hidden], false)
  set(headName(config), [vocab, hidden], false)
  set(finalNormName(config), [hidden], norm === 'layer')
  if (positions) set(positions, [config.maxPositions, hidden], false)
  const inputs = layerInputNames(config)
  if (inputs && layerInput) {
    const width = layers * layerInput.width
    set(inputs.embedding, [layerInput.vocab, width], false)
    set(inputs.projection, [width, hidden], false)
    set(inputs.norm, [layerInput.width], false)
  }
  for (let layer = 0; layer < layers; layer++) {
    const shapesOfParts = partShapes(config, layer)
    if (experts && blocks[layer].hasExperts)
      for (let expert = 0; expert < experts.count; expert++) {
        const { ff, fused, biased } = experts
        const { gate, up, gateUp, down } = expertNames(config, layer, expert)
        if (fused) set(gateUp, [2 * ff, hidden], biased)
        else for (const name of [gate, up]) set(name, [ff, hidden], biased)
        set(down, [hidden, ff], biased)
      }
    for (const part of Object.keys(parts) as Part[]) {
      const name = partName(config, layer, part)
      if (!name) continue
      const shape = shapesOfParts[part]
      const hasBias = config.biased.includes(part) || (part === 'mambaConv' && config.mamba?.convBiased)
      set(name, shape, hasBias || (norm === 'layer' && shape.length === 1))
    }
  }
  return shapes
}

/**
 * The tensors that the config requires. Throws if one is missing or has another shape or type, or if there is one that is
 * neither required nor known to be unread. `source` names the file that the config comes from.
 */
export function requiredTensors(config: ModelConfig, tensors: TensorTable, source = 'config.json'): TensorTable {
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
  for (const { name, file } of tensors.values())
    if (!shapes.has(name) && !isUnread(config, name))
      throw new KinmarkError('weights.tensor-unexpected', { tensor: name, path: file, source })
  return new Map([...tensors].filter(([name]) => shapes.has(name)))
}

/** Old exports contain the rotary table. */
const rotaryTable = /(^|\.)rotary_emb\.inv_freq$/

/** Encoders of images and sound beside a text model, which is all that runs. */
const towers =
  /^(model\.|language_model\.)?(visual|vision_tower|vision_model|vision_embedder|audio_tower|embed_vision|embed_audio|multi_modal_projector)\./

/** Whether a tensor that may be in the files is not read. */
export function isUnread(config: ModelConfig, name: string): boolean {
  const { unread, parts } = familyRow(config)
  if (rotaryTable.test(name) || unread?.test(name) || towers.test(name)) return true
  const shared = config.blocks.flatMap(({ keysOf }, layer) => (keysOf === null ? [] : [layer]))
  return shared.some((layer) =>
    (['k', 'v', 'kNorm'] as const).some((part) => parts[part] && storedName(config, layer, part) === name),
  )
}

/** Prefixes of a text model within a larger one, and the name of its head there. */
const nestedPlaces = [
  { prefix: 'model.language_model.', headName: 'lm_head' },
  { prefix: 'language_model.model.', headName: 'language_model.lm_head' },
  { prefix: 'model.language_model.model.', headName: 'model.language_model.lm_head' },
]

/**
 * The config with the names that the files use: files saved from the model without its head have no prefix, and those of
 * a model with images have a longer one. A head beside a tied embedding is used, as it may differ.
 */
export function withNamesOf(tensors: TensorTable, config: ModelConfig): ModelConfig {
  const places: readonly Pick<ModelConfig, 'prefix' | 'headName'>[] = [
    config,
    ...nestedPlaces,
    { prefix: '', headName: config.headName },
  ]
  const found = places.find((place) => tensors.has(embeddingName({ ...config, ...place }))) ?? config
  const inOut = hasPlainExperts(tensors, { ...config, ...found })
  const experts = config.experts && { ...config.experts, inOut }
  const named = { ...config, prefix: found.prefix, headName: found.headName, experts }
  return { ...named, tied: named.tied && !tensors.has(headName({ ...named, tied: false })) }
}
