import type { ModelConfig } from '../../weights/config/config'

/** A type of weights, or of products and attention; the residual, its norms and what leaves a graph are float32 always. */
export type Precision = 'F32' | 'F16'

/** As people call them. */
export const precisionNames = { F32: 'float32', F16: 'float16' } as const satisfies Record<Precision, string>

/** Bent scores are computed in plain operators, whose mask needs the range of float32. */
export function attentionPrecision(
  { attentionCap }: Pick<ModelConfig, 'attentionCap'>,
  precision: Precision,
): Precision {
  return attentionCap === null ? precision : 'F32'
}
