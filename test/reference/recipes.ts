import { gemma, gemma2, gemma3 } from './gemma'
import { gptNeox } from './gpt-neox'
import { bareGpt2, gpt2 } from './gpt2'
import { llama, mistral, qwen2, qwen3 } from './llama'
import { type Forward, range, type Settings } from './math'
import { olmo2 } from './olmo2'
import { phi3 } from './phi3'
import { recentRecipes } from './recent-recipes'
import { decoder, type Recipe, type Shapes, sizes, withHeadNorms } from './recipe'

export type { Recipe }

function llamaLike(change: Settings = {}): Recipe {
  const config = {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    ...sizes,
    tie_word_embeddings: true,
    ...change,
  }
  return { config, shapes: decoder(config), forward: llama }
}

function biasedLlama(): Recipe {
  const recipe = llamaLike({ attention_bias: true, mlp_bias: true, head_dim: 10, tie_word_embeddings: false })
  const shapes = decoder(recipe.config, (tensors) => {
    for (const [name, shape] of [...tensors])
      if (shape.length === 2) tensors.set(name.replace(/weight$/, 'bias'), shape.slice(0, 1))
  })
  return { ...recipe, shapes }
}

function qwen2Like(change: Settings = {}): Recipe {
  const config = { ...llamaLike().config, model_type: 'qwen2', architectures: ['Qwen2ForCausalLM'], ...change }
  const shapes = decoder(config, (tensors) => {
    for (const [part, width] of [
      ['q', 64],
      ['k', 32],
      ['v', 32],
    ] as const)
      tensors.set(`self_attn.${part}_proj.bias`, [width])
  })
  return { config, shapes, forward: qwen2 }
}

function gemmaLike(type: string, architecture: string, forward: Forward, change: Settings = {}): Recipe {
  const config = {
    model_type: type,
    architectures: [architecture],
    ...sizes,
    head_dim: 24,
    hidden_activation: 'gelu_pytorch_tanh',
    tie_word_embeddings: true,
    ...change,
  }
  const shapes = decoder(config, (tensors) => {
    if (type === 'gemma') return
    tensors.set('pre_feedforward_layernorm.weight', [64]).set('post_feedforward_layernorm.weight', [64])
    if (type === 'gemma3_text') withHeadNorms(tensors, 24)
  })
  return { config, shapes, forward }
}

function phi3Like(rope: Settings): Recipe {
  const config = {
    ...llamaLike({ tie_word_embeddings: false, num_key_value_heads: 2, ...rope }).config,
    model_type: 'phi3',
    architectures: ['Phi3ForCausalLM'],
  }
  const shapes = decoder(config, (tensors) => {
    for (const part of ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj', 'mlp.gate_proj', 'mlp.up_proj'])
      tensors.delete(`${part}.weight`)
    tensors.set('self_attn.qkv_proj.weight', [128, 64]).set('mlp.gate_up_proj.weight', [160, 64])
  })
  return { config, shapes, forward: phi3 }
}

function olmo2Like(): Recipe {
  const config = {
    ...llamaLike({ tie_word_embeddings: false, rope_theta: 500_000 }).config,
    model_type: 'olmo2',
    architectures: ['Olmo2ForCausalLM'],
  }
  const shapes = decoder(config, (tensors) => {
    tensors.delete('input_layernorm.weight')
    tensors.set('post_feedforward_layernorm.weight', [64])
    withHeadNorms(tensors, 64, 32)
  })
  return { config, shapes, forward: olmo2 }
}

function neoxLike(change: Settings): Recipe {
  const config = {
    model_type: 'gpt_neox',
    architectures: ['GPTNeoXForCausalLM'],
    hidden_size: 64,
    intermediate_size: 96,
    num_hidden_layers: 3,
    num_attention_heads: 4,
    vocab_size: 97,
    max_position_embeddings: 64,
    layer_norm_eps: 1e-5,
    rotary_pct: 0.25,
    rotary_emb_base: 10_000,
    use_parallel_residual: true,
    hidden_act: 'gelu',
    tie_word_embeddings: false,
    bos_token_id: 0,
    ...change,
  }
  const layers = range(3).flatMap(
    (l): Shapes =>
      Object.entries({
        'input_layernorm.weight': [64],
        'input_layernorm.bias': [64],
        'post_attention_layernorm.weight': [64],
        'post_attention_layernorm.bias': [64],
        'attention.query_key_value.weight': [192, 64],
        'attention.query_key_value.bias': [192],
        'attention.dense.weight': [64, 64],
        'attention.dense.bias': [64],
        'attention.masked_bias': [1],
        'mlp.dense_h_to_4h.weight': [96, 64],
        'mlp.dense_h_to_4h.bias': [96],
        'mlp.dense_4h_to_h.weight': [64, 96],
        'mlp.dense_4h_to_h.bias': [64],
      }).map(([part, shape]) => [`gpt_neox.layers.${l}.${part}`, shape]),
  )
  const ends: Shapes = [
    ['gpt_neox.embed_in.weight', [97, 64]],
    ['gpt_neox.final_layer_norm.weight', [64]],
    ['gpt_neox.final_layer_norm.bias', [64]],
    ['embed_out.weight', [97, 64]],
  ]
  return { config, shapes: [...ends, ...layers], forward: gptNeox }
}

function gpt2Like(prefix: string, change: Settings = {}): Recipe {
  const config: Settings = {
    model_type: 'gpt2',
    architectures: ['GPT2LMHeadModel'],
    n_embd: 64,
    n_layer: 3,
    n_head: 4,
    n_positions: 64,
    vocab_size: 97,
    layer_norm_epsilon: 1e-5,
    activation_function: 'gelu_new',
    bos_token_id: 96,
    ...change,
  }
  const layers = range(3).flatMap(
    (l): Shapes =>
      Object.entries({
        'ln_1.weight': [64],
        'ln_1.bias': [64],
        'ln_2.weight': [64],
        'ln_2.bias': [64],
        'attn.bias': [1, 1, 64, 64],
        'attn.c_attn.weight': [64, 192],
        'attn.c_attn.bias': [192],
        'attn.c_proj.weight': [64, 64],
        'attn.c_proj.bias': [64],
        'mlp.c_fc.weight': [64, 256],
        'mlp.c_fc.bias': [256],
        'mlp.c_proj.weight': [256, 64],
        'mlp.c_proj.bias': [64],
      }).map(([part, shape]) => [`${prefix}h.${l}.${part}`, shape]),
  )
  const ends: Shapes = [
    [`${prefix}wte.weight`, [97, 64]],
    [`${prefix}wpe.weight`, [64, 64]],
    [`${prefix}ln_f.weight`, [64]],
    [`${prefix}ln_f.bias`, [64]],
  ]
  const head: Shapes = config.tie_word_embeddings === false ? [['lm_head.weight', [97, 64]]] : []
  return { config, shapes: [...ends, ...layers, ...head], forward: prefix ? gpt2 : bareGpt2 }
}

const qwen3Config = {
  ...llamaLike({ head_dim: 20 }).config,
  model_type: 'qwen3',
  architectures: ['Qwen3ForCausalLM'],
  use_sliding_window: false,
  sliding_window: null,
}

const longrope = {
  type: 'longrope',
  short_factor: range(8).map((i) => 1 + i / 8),
  long_factor: range(8).map((i) => 2 + i),
}

/** Every family, and every variant within a family that changes the computation. */
export const recipes: Record<string, Recipe> = {
  llama: llamaLike(),
  'llama, untied, biased, heads of 10': biasedLlama(),
  'llama, linear': llamaLike({ rope_scaling: { type: 'linear', factor: 4 } }),
  'llama, dynamic': llamaLike({ rope_scaling: { type: 'dynamic', factor: 4 }, max_position_embeddings: 8 }),
  'llama, llama3': llamaLike({
    rope_theta: 500,
    rope_scaling: {
      rope_type: 'llama3',
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 16,
    },
  }),
  'llama, yarn': llamaLike({
    rope_theta: 500,
    rope_scaling: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 64 },
  }),
  mistral: {
    ...llamaLike({ model_type: 'mistral', architectures: ['MistralForCausalLM'], sliding_window: 5 }),
    forward: mistral,
  },
  qwen2: qwen2Like(),
  'qwen2, upper layers see less': qwen2Like({ use_sliding_window: true, sliding_window: 4, max_window_layers: 1 }),
  qwen3: { config: qwen3Config, shapes: decoder(qwen3Config, (tensors) => withHeadNorms(tensors, 20)), forward: qwen3 },
  gemma: gemmaLike('gemma', 'GemmaForCausalLM', gemma),
  gemma2: gemmaLike('gemma2', 'Gemma2ForCausalLM', gemma2, {
    query_pre_attn_scalar: 12,
    sliding_window: 5,
    attn_logit_softcapping: 2,
    final_logit_softcapping: 5,
  }),
  gemma3_text: gemmaLike('gemma3_text', 'Gemma3ForCausalLM', gemma3, {
    query_pre_attn_scalar: 12,
    sliding_window: 5,
    sliding_window_pattern: 3,
    rope_theta: 1_000_000,
    rope_local_base_freq: 10_000,
    rope_scaling: { rope_type: 'linear', factor: 8 },
  }),
  phi3: phi3Like({ sliding_window: 6 }),
  'phi3, longrope, short': phi3Like({ rope_scaling: longrope, original_max_position_embeddings: 32 }),
  'phi3, longrope, long': phi3Like({ rope_scaling: longrope, original_max_position_embeddings: 8 }),
  olmo2: olmo2Like(),
  gpt_neox: neoxLike({}),
  'gpt_neox, one after the other': neoxLike({ use_parallel_residual: false }),
  gpt2: gpt2Like('transformer.'),
  'gpt2, without prefix, untied': gpt2Like('', { tie_word_embeddings: false }),
  ...recentRecipes,
}
