import { z } from 'zod'

const factor = z.number().min(1).max(1e6)
const positions = z.number().min(1).max(16_777_216)
const perPair = z.array(z.number().positive().max(1e9)).min(1).max(512)

/** How rotary positions are extended beyond the pretraining length, under Hugging Face's names. */
const scaling = z.discriminatedUnion('rope_type', [
  z.object({ rope_type: z.literal('default') }),
  z.object({ rope_type: z.literal('linear'), factor }),
  z.object({
    rope_type: z.literal('dynamic'),
    factor,
    alpha: factor.nullish(),
    original_max_position_embeddings: positions.nullish(),
  }),
  /** The first share of pairs rotates; the others stand still. The share is `partial_rotary_factor`. */
  z.object({ rope_type: z.literal('proportional'), factor: factor.nullish() }),
  z.object({
    rope_type: z.literal('llama3'),
    factor,
    low_freq_factor: z.number().positive().max(1e6),
    high_freq_factor: z.number().positive().max(1e6),
    original_max_position_embeddings: positions,
  }),
  z.object({
    rope_type: z.literal('yarn'),
    factor,
    beta_fast: z.number().positive().max(1e6).nullish(),
    beta_slow: z.number().positive().max(1e6).nullish(),
    mscale: z.number().positive().max(1e3).nullish(),
    mscale_all_dim: z.number().positive().max(1e3).nullish(),
    attention_factor: z.number().positive().max(1e3).nullish(),
    truncate: z.boolean().nullish(),
    llama_4_scaling_beta: z.number().min(0).max(10).nullish(),
    original_max_position_embeddings: positions.nullish(),
  }),
  z.object({
    rope_type: z.literal('longrope'),
    factor: factor.nullish(),
    short_factor: perPair,
    long_factor: perPair,
    attention_factor: z.number().positive().max(1e3).nullish(),
    original_max_position_embeddings: positions.nullish(),
  }),
])

/**
 * Maps older names to current ones: `type` to `rope_type`, and “su” to “longrope”. Sections of “mrope” differ for images
 * only.
 */
function withCurrentNames(raw: unknown): unknown {
  if (raw === null || typeof raw !== 'object') return raw
  const { type, rope_type = type, ...rest } = raw as Record<string, unknown>
  const current = rope_type === 'su' ? 'longrope' : rope_type === 'mrope' ? 'default' : (rope_type ?? 'default')
  return { ...rest, rope_type: current }
}

const theta = z.number().positive().max(1e12).nullish()
const rotation = z.object({ rope_theta: theta, partial_rotary_factor: z.number().positive().max(1).nullish() })
const parameters = z.preprocess(withCurrentNames, z.intersection(scaling, rotation))

/** Parameters given once for all layers apply to both kinds. */
function perKind(raw: unknown): unknown {
  if (raw === null || typeof raw !== 'object' || 'full_attention' in raw) return raw
  return { full_attention: raw, sliding_attention: raw }
}

export const ropeScaling = z.preprocess(withCurrentNames, scaling)

/** Transformers 5 keeps all settings of rotary positions here. */
export const ropeParameters = z.preprocess(
  perKind,
  z.object({ full_attention: parameters, sliding_attention: parameters }),
)

export type RopeParameters = z.infer<typeof scaling> & Partial<z.infer<typeof rotation>>

/** Rotary position embedding of one kind of layer. */
export type Rope = {
  theta: number
  /** How many of each head's dimensions are rotated, counted from the first. */
  dim: number
  /** Pairs that rotate, if the others stand still. */
  moving?: number
  /** Positions of the pretraining, on which the scaling is based. */
  original: number
  /** The model's positions divided by those of the pretraining. */
  extension: number
  scaling: z.infer<typeof scaling>
}
