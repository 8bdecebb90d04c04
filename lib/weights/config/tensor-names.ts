import type { ModelConfig } from './config'
import { type Family, families, type Part } from './families'

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
  return config.tied ? embeddingName(config) : `${familyRow(config).head}.weight`
}

/** The weight of a part of a layer; null if the family has no such part. */
export function partName(config: ModelConfig, layer: number, part: Part): string | null {
  const { layer: layers, parts } = familyRow(config)
  return parts[part] ? `${config.prefix}${layers}.${layer}.${parts[part]}.weight` : null
}

export function biasName(weight: string): string {
  return weight.replace(/weight$/, 'bias')
}

/**
 * The down_proj W of a layer's MLP; its input z is the tap `z`. If `norm` names a tensor (Gemma 2 and 3, OLMo 2), W z
 * is normalised before it is added to the residual: an edit then changes the direction of W z, and the norm sets its
 * length.
 */
export type DownProj = { name: string; layout: 'out-in' | 'in-out'; norm: string | null }

export function downProjOf(config: ModelConfig, layer: number): DownProj {
  return {
    name: partName(config, layer, 'down') as string,
    layout: familyRow(config).inOut ? 'in-out' : 'out-in',
    norm: partName(config, layer, 'mlpPostNorm'),
  }
}

const matrices = new Set<Part>(['q', 'k', 'v', 'qkv', 'attentionOut', 'gate', 'up', 'gateUp', 'down'])

/** Whether this tensor is a matrix that its file stores as [in, out]. Elsewhere in the code matrices are [out, in]. */
export function isInOut(config: ModelConfig, name: string): boolean {
  const { inOut, parts } = familyRow(config)
  if (!inOut) return false
  return [...matrices].some((part) => parts[part] && name.endsWith(`.${parts[part]}.weight`))
}
