import { z } from 'zod'
import { unlimited } from './loose-json'
import { ropeParameters, ropeScaling } from './rope'

const size = (max: number) => z.int().min(1).max(max)
const theta = z.number().positive().max(1e12)
const factor = z.number().positive().max(1e6).nullish()
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
  sliding_window_pattern: z.union([size(512), z.literal(0), z.string().max(512)]).nullish(),
  layer_types: z.array(z.string().max(100)).max(512).nullish(),
  layers_block_type: z.array(z.string().max(100)).max(512).nullish(),
  full_attention_interval: size(512).nullish(),
  full_attn_idxs: z.array(z.int().min(0)).max(512).nullish(),
  no_rope_layers: z.array(z.int()).max(512).nullish(),
  no_rope_layer_interval: size(512).nullish(),
  position_embedding_type: z.string().max(100).nullish(),
  embedding_multiplier: factor,
  attention_multiplier: factor,
  residual_multiplier: factor,
  logits_scaling: factor,
  linear_conv_kernel_dim: size(64).nullish(),
  linear_key_head_dim: size(1024).nullish(),
  linear_value_head_dim: size(1024).nullish(),
  linear_num_key_heads: size(1024).nullish(),
  linear_num_value_heads: size(1024).nullish(),
  conv_L_cache: size(64).nullish(),
  conv_bias: z.boolean().nullish(),
  block_auto_adjust_ff_dim: z.boolean().nullish(),
  block_ffn_dim_multiplier: factor,
  block_multiple_of: size(65_536).nullish(),
  block_ff_dim: size(1_048_576).nullish(),
  tie_embedding: z.boolean().nullish(),
  mamba_n_heads: size(4096).nullish(),
  mamba_d_head: z.union([size(4096), z.literal('auto')]).nullish(),
  mamba_n_groups: size(1024).nullish(),
  mamba_d_state: size(4096).nullish(),
  mamba_d_conv: size(64).nullish(),
  mamba_expand: size(64).nullish(),
  mamba_conv_bias: z.boolean().nullish(),
  mamba_proj_bias: z.boolean().nullish(),
  time_step_limit: z.tuple([z.number().min(0), z.union([z.number().positive(), z.literal(unlimited)])]).nullish(),
  global_head_dim: size(1024).nullish(),
  num_global_key_value_heads: size(1024).nullish(),
  attention_k_eq_v: z.boolean().nullish(),
  num_kv_shared_layers: z.int().min(0).max(512).nullish(),
  use_double_wide_mlp: z.boolean().nullish(),
  hidden_size_per_layer_input: z.int().min(0).max(65_536).nullish(),
  vocab_size_per_layer_input: size(4_194_304).nullish(),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  query_pre_attn_scalar: z.number().positive().max(1e6).nullish(),
  attn_logit_softcapping: cap,
  final_logit_softcapping: cap,
  use_parallel_residual: z.boolean().nullish(),
  gate_up_apart: z.boolean().nullish(),
  num_experts: size(4096).nullish(),
  num_experts_per_tok: z.int().min(0).max(4096).nullish(),
  moe_intermediate_size: size(1_048_576).nullish(),
  swiglu_limit: factor,
  norm_topk_prob: z.boolean().nullish(),
  decoder_sparse_step: size(512).nullish(),
  mlp_only_layers: z.array(z.int().min(0)).max(512).nullish(),
  tie_word_embeddings: z.boolean().default(false),
  bos_token_id: z.int().min(0).nullish(),
})

export type ConfigFields = z.infer<typeof configFields>

const ropeTypes = z
  .enum(['default', 'linear', 'dynamic', 'llama3', 'yarn', 'longrope', 'su', 'mrope', 'proportional'])
  .nullish()
const rope = z.looseObject({ rope_type: ropeTypes, type: ropeTypes }).nullish()

/** Settings that change the computation, with the values that the graph supports. */
export const supportedFields = z.object({
  hidden_act: z.enum(Object.keys(activations)).nullish(),
  rope_scaling: rope,
  rope_parameters: rope,
  scale_attn_weights: z.literal(true).optional(),
  scale_attn_by_inverse_layer_idx: z.literal(false).optional(),
  add_cross_attention: z.literal(false).optional(),
  use_bidirectional_attention: z.literal([false, 'vision']).nullish(),
  enable_moe_block: z.literal(false).nullish(),
})
