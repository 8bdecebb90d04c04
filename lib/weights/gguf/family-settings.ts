import type { FamilyName } from '../config/families'
import type { Tensor } from '../tensor'
import type { GgufValue } from './values'

/** What a GGUF file says; keys are without the architecture's name. */
export type GgufFacts = {
  layers: number
  number(key: string): number | undefined
  /** The value of each layer, whether the file lists them or has one for all. */
  perLayer(key: string): readonly GgufValue[]
  tensor(name: string): Tensor | undefined
}

/** Settings of a config.json that only this family has, under its own names. */
export function familySettings(family: FamilyName, facts: GgufFacts): Record<string, unknown> {
  switch (family) {
    case 'qwen3_5_text':
      return qwen35(facts)
    case 'qwen3_moe':
      return qwen3Moe(facts)
    case 'gpt_oss':
      return gptOss(facts)
    case 'lfm2':
      return lfm2(facts)
    case 'granitemoehybrid':
      return graniteHybrid(facts)
    case 'gemma4_text':
      return gemma4(facts)
    default:
      return {}
  }
}

function qwen35({ number, perLayer }: GgufFacts) {
  const [inner, heads] = [number('ssm.inner_size'), number('ssm.time_step_rank')]
  const recurrent = perLayer('attention.recurrent_layers')
  return {
    linear_conv_kernel_dim: number('ssm.conv_kernel'),
    linear_key_head_dim: number('ssm.state_size'),
    linear_num_key_heads: number('ssm.group_count'),
    linear_num_value_heads: heads,
    linear_value_head_dim: inner && heads ? inner / heads : undefined,
    full_attention_interval: number('full_attention_interval'),
    layer_types: recurrent.length > 0 ? recurrent.map((is) => (is ? 'linear_attention' : 'full_attention')) : undefined,
  }
}

/** Llama.cpp always makes the weights of the chosen experts add up to 1. */
function qwen3Moe({ number }: GgufFacts) {
  return {
    num_experts: number('expert_count'),
    num_experts_per_tok: number('expert_used_count'),
    moe_intermediate_size: number('expert_feed_forward_length'),
    norm_topk_prob: true,
  }
}

/** The file has gate and up apart. */
function gptOss({ number }: GgufFacts) {
  return {
    num_local_experts: number('expert_count'),
    num_experts_per_tok: number('expert_used_count'),
    intermediate_size: number('expert_feed_forward_length'),
    gate_up_apart: true,
  }
}

/** Layers without keys are no attention. */
function typesByKeys({ perLayer }: GgufFacts, other: string): string[] {
  return perLayer('attention.head_count_kv').map((heads) => (heads === 0 ? other : 'full_attention'))
}

/** The file has the width of the MLP that the config's follows from. */
function lfm2(facts: GgufFacts) {
  return {
    conv_L_cache: facts.number('shortconv.l_cache'),
    conv_bias: anyLayer(facts, 'shortconv.conv.bias'),
    block_auto_adjust_ff_dim: false,
    layer_types: typesByKeys(facts, 'conv'),
  }
}

function graniteHybrid(facts: GgufFacts) {
  const { number, perLayer } = facts
  const [inner, heads, hidden] = [number('ssm.inner_size'), number('ssm.time_step_rank'), number('embedding_length')]
  return {
    mamba_n_heads: heads,
    mamba_d_head: inner && heads ? inner / heads : undefined,
    mamba_n_groups: number('ssm.group_count'),
    mamba_d_state: number('ssm.state_size'),
    mamba_d_conv: number('ssm.conv_kernel'),
    mamba_expand: inner && hidden ? inner / hidden : undefined,
    mamba_conv_bias: anyLayer(facts, 'ssm_conv1d.bias'),
    layer_types: typesByKeys(facts, 'mamba'),
    position_embedding_type: perLayer('rope.scaling.finetuned')[0] === false ? 'nope' : 'rope',
    gate_up_apart: true,
  }
}

function gemma4({ layers, number, perLayer, tensor }: GgufFacts) {
  const pattern = perLayer('attention.sliding_window_pattern')
  const [keyHeads, widths] = [perLayer('attention.head_count_kv'), perLayer('feed_forward_length')]
  const full = pattern.indexOf(false)
  const shared = number('attention.shared_kv_layers') ?? 0
  return {
    head_dim: number('attention.key_length_swa'),
    global_head_dim: number('attention.key_length'),
    num_key_value_heads: keyHeads[pattern.indexOf(true)] ?? keyHeads[0],
    num_global_key_value_heads: keyHeads[full],
    attention_k_eq_v: full >= 0 && !tensor(`blk.${full}.attn_v.weight`),
    num_kv_shared_layers: shared,
    intermediate_size: widths[0],
    use_double_wide_mlp: shared < layers && widths[layers - 1] !== widths[0],
    hidden_size_per_layer_input: number('embedding_length_per_layer_input') ?? 0,
    vocab_size_per_layer_input: tensor('per_layer_token_embd.weight')?.shape[0],
  }
}

function anyLayer({ layers, tensor }: GgufFacts, name: string): boolean {
  return Array.from({ length: layers }, (_, layer) => tensor(`blk.${layer}.${name}`)).some(Boolean)
}
