import { z } from 'zod'

const factor = z.number().min(1).max(1e6)
const positions = z.number().min(1).max(16_777_216)
const perPair = z.array(z.number().positive().max(1e9)).min(1).max(512)

/** How rotary positions are stretched beyond those of the pretraining, under Hugging Face's own names. */
const scaling = z.discriminatedUnion('rope_type', [
  z.object({ rope_type: z.literal('default') }),
  z.object({ rope_type: z.literal('linear'), factor }),
  z.object({ rope_type: z.literal('dynamic'), factor, original_max_position_embeddings: positions.nullish() }),
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

/** Older names: `type` for `rope_type`, and “su” for LongRoPE. */
function renamed(raw: unknown): unknown {
  if (raw === null || typeof raw !== 'object') return raw
  const { type = 'default', rope_type = type, ...rest } = raw as Record<string, unknown>
  return { ...rest, rope_type: rope_type === 'su' ? 'longrope' : rope_type }
}

const theta = z.number().positive().max(1e12).nullish()
const turn = z.object({ rope_theta: theta, partial_rotary_factor: z.number().positive().max(1).nullish() })
const parameters = z.preprocess(renamed, z.intersection(scaling, turn))

/** One for all layers stands for both kinds. */
function perKind(raw: unknown): unknown {
  if (raw === null || typeof raw !== 'object' || 'full_attention' in raw) return raw
  return { full_attention: raw, sliding_attention: raw }
}

export const ropeScaling = z.preprocess(renamed, scaling)

/** Transformers 5 keeps all that is about rotation here. */
export const ropeParameters = z.preprocess(
  perKind,
  z.object({ full_attention: parameters, sliding_attention: parameters }),
)

export type RopeParameters = z.infer<typeof scaling> & Partial<z.infer<typeof turn>>

/** Rotary positions, as one kind of layer turns them. */
export type Rope = {
  theta: number
  /** How many of each head's dimensions turn: the first. */
  dim: number
  /** Positions of the pretraining, which the scaling starts from. */
  original: number
  /** All positions over those of the pretraining. */
  stretch: number
  scaling: z.infer<typeof scaling>
}
