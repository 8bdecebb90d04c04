import type { ModelConfig } from './config'
import { type Family, families, type Part } from './families'

/** Where a model's tensors are called what, and how they lie in their files. */

export function familyRow({ family }: Pick<ModelConfig, 'family'>): Family {
  return families[family]
}

export function embeddingName(config: ModelConfig): string {
  return `${config.prefix}${familyRow(config).embedding}.weight`
}

/** Of learned positions; null where they are rotary. */
export function positionsName(config: ModelConfig): string | null {
  const { positions } = familyRow(config)
  return positions ? `${config.prefix}${positions}.weight` : null
}

export function finalNormName(config: ModelConfig): string {
  return `${config.prefix}${familyRow(config).finalNorm}.weight`
}

/** The unembedding's tensor: the embedding itself where the two are tied. */
export function headName(config: ModelConfig): string {
  return config.tied ? embeddingName(config) : `${familyRow(config).head}.weight`
}

/** The weight of a part of a layer; null where the family has no such part. */
export function partName(config: ModelConfig, layer: number, part: Part): string | null {
  const { layer: layers, parts } = familyRow(config)
  return parts[part] ? `${config.prefix}${layers}.${layer}.${parts[part]}.weight` : null
}

export function biasName(weight: string): string {
  return weight.replace(/weight$/, 'bias')
}

/**
 * The matrix that a layer's MLP writes to the residual with. Its input is the tap `z`. Where `norm` names a tensor
 * (Gemma 2 and 3, OLMo 2), what it writes is normalised before it joins the residual: an edit then changes the
 * direction of W z, and the norm decides how much of it arrives.
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

/** Whether this tensor is a matrix that lies [in, out] in its file; everywhere else matrices are spoken of as [out, in]. */
export function isInOut(config: ModelConfig, name: string): boolean {
  const { inOut, parts } = familyRow(config)
  if (!inOut) return false
  return [...matrices].some((part) => parts[part] && name.endsWith(`.${parts[part]}.weight`))
}
