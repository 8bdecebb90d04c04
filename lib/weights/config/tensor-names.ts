import type { ModelConfig } from './config'
import { type ExpertPart, type Family, families, type Mixer, type Part } from './families'

/** Names and matrix layouts of a model's tensors in its files. */

export function familyRow({ family }: Pick<ModelConfig, 'family'>): Family {
  return families[family]
}

export function embeddingName(config: ModelConfig): string {
  return `${config.prefix}${familyRow(config).embedding}.weight`
}

/** The table of learned positions; null if positions are rotary. */
export function positionsName(config: ModelConfig): string | null {
  const { positions } = familyRow(config)
  return positions ? `${config.prefix}${positions}.weight` : null
}

export function finalNormName(config: ModelConfig): string {
  return `${config.prefix}${familyRow(config).finalNorm}.weight`
}

/** The unembedding's tensor, which is the embedding if the two are tied. */
export function headName(config: ModelConfig): string {
  return config.tied ? embeddingName(config) : `${config.headName}.weight`
}

/** Tables of Gemma 4's inputs of each layer: embeddings, a matrix from the main embedding, and the norm of its result. */
export function layerInputNames({ prefix, layerInput }: ModelConfig): Record<LayerInputTensor, string> | null {
  if (!layerInput) return null
  const name = (part: string) => `${prefix}${part}.weight`
  return {
    embedding: name('embed_tokens_per_layer'),
    projection: name('per_layer_model_projection'),
    norm: name('per_layer_projection_norm'),
  }
}

type LayerInputTensor = 'embedding' | 'projection' | 'norm'

/** Parts that are tensors themselves, and not modules with a `weight`. */
const bare = new Set<Part>([
  'deltaLogDecay',
  'deltaTimeBias',
  'mambaLogDecay',
  'mambaTimeBias',
  'mambaSkip',
  'layerScale',
  'sinks',
])

/** The weight of a part of a layer; null if the layer has no such part. */
export function partName(config: ModelConfig, layer: number, part: Part): string | null {
  return layerHas(config, layer, part) ? storedName(config, layer, part) : null
}

/** The name that a part of a layer would have in the files; null if the family has no such part. */
export function storedName(config: ModelConfig, layer: number, part: Part): string | null {
  const { layer: layers, parts } = familyRow(config)
  return parts[part] ? `${config.prefix}${layers}.${layer}.${parts[part]}${bare.has(part) ? '' : '.weight'}` : null
}

const mlpParts = new Set<Part>(['gate', 'up', 'gateUp', 'down'])
const attentionParts = new Set<Part>(['q', 'k', 'v', 'qkv', 'qNorm', 'kNorm', 'sinks', 'attentionOut'])
const convParts = new Set<Part>(['convIn', 'conv', 'convOut'])

function mixerOf(part: Part): Mixer | null {
  if (attentionParts.has(part)) return 'attention'
  if (convParts.has(part)) return 'shortConv'
  return part.startsWith('delta') ? 'delta' : part.startsWith('mamba') ? 'mamba' : null
}

function layerHas(config: ModelConfig, layer: number, part: Part): boolean {
  const { blocks, layerInput, gateUpApart } = config
  const { mixer, keysOf, valuesAreKeys, hasExperts } = blocks[layer]
  if (part === 'router') return hasExperts
  if (hasExperts && mlpParts.has(part)) return false
  if (part === 'gateUp') return !gateUpApart
  if (part === 'gate' || part === 'up') return gateUpApart || !familyRow(config).parts.gateUp
  if ((mixerOf(part) ?? mixer) !== mixer) return false
  if (part === 'v' && valuesAreKeys) return false
  if (keysOf !== null && (part === 'k' || part === 'v' || part === 'kNorm')) return false
  return layerInput !== null || !part.startsWith('layerInput')
}

/** The matrices of one expert of a layer. */
export function expertNames(config: ModelConfig, layer: number, expert: number): Record<ExpertPart, string> {
  const { layer: layers, experts } = familyRow(config)
  const name = (part: ExpertPart) =>
    `${config.prefix}${layers}.${layer}.${experts?.each}.${expert}.${experts?.[part]}.weight`
  return { gate: name('gate'), up: name('up'), gateUp: name('gateUp'), down: name('down') }
}

export function biasName(weight: string): string {
  return weight.replace(/weight$/, 'bias')
}

/**
 * The down_proj W of a layer's one MLP; its input z is the tap `z`. If `norm` names a tensor (Gemma 2 and 3, OLMo 2), W z
 * is normalised before it is added to the residual: an edit then changes the direction of W z, and the norm sets its
 * length.
 */
export type DownProj = { name: string; layout: 'out-in' | 'in-out'; norm: string | null }

export function downProjOf(config: ModelConfig, layer: number): DownProj {
  return {
    name: storedName(config, layer, 'down') as string,
    layout: familyRow(config).inOut ? 'in-out' : 'out-in',
    norm: partName(config, layer, 'mlpPostNorm'),
  }
}

const matrices = new Set<Part>(['q', 'k', 'v', 'qkv', 'attentionOut', 'gate', 'up', 'gateUp', 'down'])

/** Whether this tensor is a matrix that its file stores as [in, out]. Elsewhere in the code matrices are [out, in]. */
export function isInOut(config: ModelConfig, name: string): boolean {
  const { inOut, parts, experts } = familyRow(config)
  if (config.experts?.inOut && name.includes(`.${experts?.each}.`)) return name.endsWith('.weight')
  if (!inOut) return false
  return [...matrices].some((part) => parts[part] && name.endsWith(`.${parts[part]}.weight`))
}
