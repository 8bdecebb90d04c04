import type { ModelConfig } from '../../weights/config/config'

/**
 * Type of weights, or of products and attention. The residual, its norms and the outputs of a graph are always float32.
 */
export type Precision = 'F32' | 'F16'

/** Names for messages and screens. */
export const precisionNames = { F32: 'float32', F16: 'float16' } as const satisfies Record<Precision, string>

/**
 * The precision of attention. Capped scores need float32, because the mask of `cappedAttention` exceeds the range of
 * float16.
 */
export function attentionPrecision(
  { attentionCap }: Pick<ModelConfig, 'attentionCap'>,
  precision: Precision,
): Precision {
  return attentionCap === null ? precision : 'F32'
}
