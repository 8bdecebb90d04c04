import { z } from 'zod'
import { ropeParameters, ropeScaling } from './rope'

const size = (max: number) => z.int().min(1).max(max)
const theta = z.number().positive().max(1e12)
const cap = z.number().positive().max(1e6).nullish()

const activations = {
  silu: 'silu',
  swish: 'silu',
  relu: 'relu',
  gelu: 'gelu',
  gelu_new: 'gelu_tanh',
  gelu_fast: 'gelu_tanh',
  gelu_pytorch_tanh: 'gelu_tanh',
} as const

/** The settings that are read from a config.json, under the names of Llama's config. */
export const configFields = z.object({
  hidden_size: size(65_536),
  intermediate_size: size(1_048_576).nullish(),
  num_hidden_layers: size(512),
  num_attention_heads: size(1024),
  num_key_value_heads: size(1024).nullish(),
  head_dim: size(1024).nullish(),
  vocab_size: size(4_194_304),
  max_position_embeddings: size(16_777_216).default(2048),
  original_max_position_embeddings: size(16_777_216).nullish(),
  rms_norm_eps: z.number().min(0).max(1).default(1e-6),
  hidden_act: z
    .enum(Object.keys(activations) as (keyof typeof activations)[])
    .default('silu')
    .transform((name) => activations[name]),
  rope_theta: theta.nullish(),
  rope_local_base_freq: theta.nullish(),
  rope_scaling: ropeScaling.nullish(),
  rope_parameters: ropeParameters.nullish(),
  partial_rotary_factor: z.number().positive().max(1).nullish(),
  sliding_window: size(16_777_216).nullish(),
  use_sliding_window: z.boolean().nullish(),
  max_window_layers: z.int().min(0).nullish(),
  sliding_window_pattern: size(512).nullish(),
  layer_types: z
    .array(z.enum(['full_attention', 'sliding_attention']))
    .max(512)
    .nullish(),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  query_pre_attn_scalar: z.number().positive().max(1e6).nullish(),
  attn_logit_softcapping: cap,
  final_logit_softcapping: cap,
  use_parallel_residual: z.boolean().nullish(),
  tie_word_embeddings: z.boolean().default(false),
  bos_token_id: z.int().min(0).nullish(),
})

export type ConfigFields = z.infer<typeof configFields>

const ropeTypes = z.enum(['default', 'linear', 'dynamic', 'llama3', 'yarn', 'longrope', 'su']).nullish()
const rope = z.looseObject({ rope_type: ropeTypes, type: ropeTypes }).nullish()

/** Settings that change the computation, with the values that the graph supports. */
export const supportedFields = z.object({
  hidden_act: z.enum(Object.keys(activations)).nullish(),
  rope_scaling: rope,
  rope_parameters: rope,
  quantization_config: z.null().optional(),
  scale_attn_weights: z.literal(true).optional(),
  scale_attn_by_inverse_layer_idx: z.literal(false).optional(),
  add_cross_attention: z.literal(false).optional(),
  use_bidirectional_attention: z.literal(false).nullish(),
})
