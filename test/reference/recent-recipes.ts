import { ernie } from './ernie'
import { gemma3 } from './gemma'
import { gemma4 } from './gemma4'
import { graniteHybrid } from './granite-hybrid'
import { hunyuan } from './hunyuan'
import { lfm2 } from './lfm2'
import { gptOss, granite, ministral3, qwen3Moe, smollm3 } from './llama'
import { type Forward, range, type Settings } from './math'
import { exaone4, olmo3 } from './olmo2'
import { nestedQwen35, qwen35 } from './qwen3-5'
import { decoder, type Recipe, type Shapes, sizes, withHeadNorms } from './recipe'

const settings = (model_type: string, architecture: string, change: Settings = {}): Settings => ({
  model_type,
  architectures: [architecture],
  ...sizes,
  tie_word_embeddings: true,
  ...change,
})

function postNormed(config: Settings, forward: Forward): Recipe {
  const wide = config.model_type === 'olmo3'
  const shapes = decoder(config, (tensors) => {
    tensors.delete('input_layernorm.weight')
    tensors.set('post_feedforward_layernorm.weight', [64])
    withHeadNorms(tensors, wide ? 64 : 16, wide ? 32 : 16)
  })
  return { config, shapes, forward }
}

function ernieLike(use_bias: boolean): Recipe {
  const config = settings('ernie4_5', 'Ernie4_5ForCausalLM', { head_dim: 24, rope_theta: 500_000, use_bias })
  const shapes = decoder(config, (tensors) => {
    for (const [name, shape] of [...tensors])
      if (use_bias && shape.length === 2) tensors.set(name.replace(/weight$/, 'bias'), shape.slice(0, 1))
  })
  return { config, shapes, forward: ernie }
}

/** Layers in `mlp_only_layers` have one MLP, the others six experts, of which two are used. */
export function qwen3MoeLike(mlp_only_layers: number[], norm_topk_prob: boolean): Recipe {
  const config = settings('qwen3_moe', 'Qwen3MoeForCausalLM', {
    ...{ num_hidden_layers: 4, head_dim: 20, num_experts: 6, num_experts_per_tok: 2, moe_intermediate_size: 48 },
    ...{ decoder_sparse_step: 1, mlp_only_layers, norm_topk_prob },
  })
  const shapes = range(4).reduce(
    (all, layer) => (mlp_only_layers.includes(layer) ? all : withExperts(all, layer)),
    decoder(config, (tensors) => withHeadNorms(tensors, 20)),
  )
  return { config, shapes, forward: qwen3Moe }
}

function withExperts(shapes: Shapes, layer: number): Shapes {
  const mlp = `model.layers.${layer}.mlp.`
  const experts = range(6).flatMap((expert): Shapes => {
    const each = `${mlp}experts.${expert}.`
    return [
      [`${each}gate_proj.weight`, [48, 64]],
      [`${each}up_proj.weight`, [48, 64]],
      [`${each}down_proj.weight`, [64, 48]],
    ]
  })
  return [...shapes.filter(([name]) => !name.startsWith(mlp)), [`${mlp}gate.weight`, [6, 64]], ...experts]
}

/** Four experts, of which two are used, and a limit that some of their activations pass. */
function gptOssLike(): Recipe {
  const config = settings('gpt_oss', 'GptOssForCausalLM', {
    ...{ num_hidden_layers: 4, head_dim: 16, num_local_experts: 4, num_experts_per_tok: 2, intermediate_size: 32 },
    ...{ sliding_window: 5, swiglu_limit: 1.5, attention_bias: true, tie_word_embeddings: false, rope_theta: 500 },
    layer_types: range(4).map((layer) => (layer % 2 === 0 ? 'sliding_attention' : 'full_attention')),
    rope_scaling: { rope_type: 'yarn', factor: 4, truncate: false, original_max_position_embeddings: 16 },
  })
  const shapes = decoder(config, (tensors) => {
    for (const part of ['q', 'k', 'v', 'o'])
      tensors.set(`self_attn.${part}_proj.bias`, [part === 'k' || part === 'v' ? 32 : 64])
    for (const part of ['gate', 'up', 'down']) tensors.delete(`mlp.${part}_proj.weight`)
    tensors.set('self_attn.sinks', [4]).set('mlp.router.weight', [4, 64]).set('mlp.router.bias', [4])
    tensors.set('mlp.experts.gate_up_proj', [4, 64, 64]).set('mlp.experts.gate_up_proj_bias', [4, 64])
    tensors.set('mlp.experts.down_proj', [4, 32, 64]).set('mlp.experts.down_proj_bias', [4, 64])
  })
  return { config, shapes, forward: gptOss }
}

function hunyuanLike(change: Settings): Recipe {
  const config = settings('hunyuan_v1_dense', 'HunYuanDenseV1ForCausalLM', { head_dim: 24, ...change })
  const shapes = decoder(config, (tensors) => {
    tensors.set('self_attn.query_layernorm.weight', [24]).set('self_attn.key_layernorm.weight', [24])
  })
  return { config, shapes, forward: hunyuan }
}

/** Replaces the tensors of each layer by those that `partsOf` gives, and the final norm's name. */
function layered(
  config: Settings,
  prefix: string,
  partsOf: (layer: number) => Record<string, number[]>,
  finalNorm: string,
): Shapes {
  const { hidden_size: d, vocab_size: vocab, num_hidden_layers: layers } = config
  return [
    [`${prefix}embed_tokens.weight`, [vocab, d]],
    ...range(layers).flatMap((layer) =>
      Object.entries(partsOf(layer)).map(([part, shape]): Shapes[number] => [
        `${prefix}layers.${layer}.${part}`,
        shape,
      ]),
    ),
    [`${prefix}${finalNorm}.weight`, [d]],
  ]
}

const attention = (q: number, kv: number, out = 'o_proj') => ({
  'self_attn.q_proj.weight': [q, 64],
  'self_attn.k_proj.weight': [kv, 64],
  'self_attn.v_proj.weight': [kv, 64],
  [`self_attn.${out}.weight`]: [64, 64],
})

function lfm2Like(conv_bias: boolean): Recipe {
  const config: Settings = {
    ...settings('lfm2', 'Lfm2ForCausalLM'),
    norm_eps: 1e-5,
    rms_norm_eps: undefined,
    intermediate_size: 100,
    block_auto_adjust_ff_dim: true,
    block_ffn_dim_multiplier: 1,
    block_multiple_of: 16,
    conv_L_cache: 3,
    conv_bias,
    rope_theta: 1_000_000,
    layer_types: ['conv', 'full_attention', 'conv'],
  }
  const bias = (name: string, size: number): Record<string, number[]> => (conv_bias ? { [`${name}.bias`]: [size] } : {})
  const shapes = layered(
    config,
    'model.',
    (layer) => ({
      'operator_norm.weight': [64],
      'ffn_norm.weight': [64],
      ...(config.layer_types[layer] === 'conv'
        ? {
            'conv.in_proj.weight': [192, 64],
            'conv.conv.weight': [64, 1, 3],
            'conv.out_proj.weight': [64, 64],
            ...{ ...bias('conv.in_proj', 192), ...bias('conv.conv', 64), ...bias('conv.out_proj', 64) },
          }
        : {
            ...attention(64, 32, 'out_proj'),
            'self_attn.q_layernorm.weight': [16],
            'self_attn.k_layernorm.weight': [16],
          }),
      'feed_forward.w1.weight': [80, 64],
      'feed_forward.w3.weight': [80, 64],
      'feed_forward.w2.weight': [64, 80],
    }),
    'embedding_norm',
  )
  return { config, shapes, forward: lfm2 }
}

const swiglu = { 'mlp.gate_proj.weight': [80, 64], 'mlp.up_proj.weight': [80, 64], 'mlp.down_proj.weight': [64, 80] }

export function qwen35Like(prefix: string, valueDim = 12): Recipe {
  const values = 4 * valueDim
  const text: Settings = {
    ...settings('qwen3_5_text', 'Qwen3_5ForCausalLM', { num_hidden_layers: 4, head_dim: 32 }),
    linear_conv_kernel_dim: 4,
    linear_key_head_dim: 8,
    linear_value_head_dim: valueDim,
    linear_num_key_heads: 2,
    linear_num_value_heads: 4,
    layer_types: ['linear_attention', 'linear_attention', 'linear_attention', 'full_attention'],
    rope_parameters: {
      rope_type: 'default',
      rope_theta: 10_000_000,
      partial_rotary_factor: 0.25,
      mrope_section: [2, 1, 1],
      mrope_interleaved: true,
    },
    dtype: 'float32',
  }
  const shapes = layered(
    text,
    prefix,
    (layer) => ({
      'input_layernorm.weight': [64],
      'post_attention_layernorm.weight': [64],
      ...(text.layer_types[layer] === 'full_attention'
        ? {
            ...attention(256, 64),
            'self_attn.o_proj.weight': [64, 128],
            'self_attn.q_norm.weight': [32],
            'self_attn.k_norm.weight': [32],
          }
        : {
            'linear_attn.in_proj_qkv.weight': [32 + values, 64],
            'linear_attn.in_proj_z.weight': [values, 64],
            'linear_attn.in_proj_b.weight': [4, 64],
            'linear_attn.in_proj_a.weight': [4, 64],
            'linear_attn.conv1d.weight': [32 + values, 1, 4],
            'linear_attn.A_log': [4],
            'linear_attn.dt_bias': [4],
            'linear_attn.norm.weight': [valueDim],
            'linear_attn.out_proj.weight': [64, values],
          }),
      ...swiglu,
    }),
    'norm',
  )
  if (prefix === 'model.') return { config: text, shapes, forward: qwen35 }
  const { architectures, tie_word_embeddings, ...text_config } = text
  const config: Settings = {
    model_type: 'qwen3_5',
    architectures: ['Qwen3_5ForConditionalGeneration'],
    text_config,
    vision_config: { model_type: 'qwen3_5_vision', depth: 1 },
    tie_word_embeddings,
  }
  const unread: Shapes = [
    ['model.visual.blocks.0.norm1.weight', [8]],
    ['mtp.fc.weight', [8, 8]],
  ]
  return { config, shapes: [...shapes, ...unread], forward: nestedQwen35 }
}

function graniteHybridLike(position_embedding_type: 'rope' | 'nope', mamba_n_groups: number): Recipe {
  const config: Settings = {
    ...settings('granitemoehybrid', 'GraniteMoeHybridForCausalLM'),
    ...{ embedding_multiplier: 2, attention_multiplier: 0.2, residual_multiplier: 0.6, logits_scaling: 3 },
    position_embedding_type,
    num_local_experts: 0,
    num_experts_per_tok: 0,
    shared_intermediate_size: 80,
    mamba_n_heads: 8,
    mamba_d_head: 16,
    mamba_n_groups,
    mamba_d_state: 12,
    mamba_d_conv: 4,
    mamba_expand: 2,
    mamba_conv_bias: true,
    mamba_proj_bias: false,
    layer_types: ['mamba', 'attention', 'mamba'],
  }
  const convolved = 128 + 2 * mamba_n_groups * 12
  const shapes = layered(
    config,
    'model.',
    (layer) => ({
      'input_layernorm.weight': [64],
      'post_attention_layernorm.weight': [64],
      ...(config.layer_types[layer] === 'attention'
        ? attention(64, 32)
        : {
            'mamba.in_proj.weight': [128 + convolved + 8, 64],
            'mamba.conv1d.weight': [convolved, 1, 4],
            'mamba.conv1d.bias': [convolved],
            'mamba.A_log': [8],
            'mamba.dt_bias': [8],
            'mamba.D': [8],
            'mamba.norm.weight': [128],
            'mamba.out_proj.weight': [64, 128],
          }),
      'shared_mlp.input_linear.weight': [160, 64],
      'shared_mlp.output_linear.weight': [64, 80],
    }),
    'norm',
  )
  return { config, shapes, forward: graniteHybrid }
}

function gemma4Like(nested: boolean, change: Settings): Recipe {
  const text: Settings = {
    ...settings('gemma4_text', 'Gemma4ForCausalLM', { num_hidden_layers: 6, head_dim: 16 }),
    global_head_dim: 24,
    num_global_key_value_heads: null,
    hidden_activation: 'gelu_pytorch_tanh',
    hidden_size_per_layer_input: 8,
    vocab_size_per_layer_input: 97,
    num_kv_shared_layers: 3,
    use_double_wide_mlp: true,
    attention_k_eq_v: false,
    enable_moe_block: false,
    sliding_window: 5,
    final_logit_softcapping: 5,
    layer_types: [
      ...['sliding_attention', 'sliding_attention', 'full_attention'],
      ...['sliding_attention', 'sliding_attention', 'full_attention'],
    ],
    rope_parameters: {
      sliding_attention: { rope_type: 'default', rope_theta: 10_000 },
      full_attention: { rope_type: 'proportional', partial_rotary_factor: 0.25, rope_theta: 1_000_000 },
    },
    ...change,
  }
  const prefix = nested ? 'model.language_model.' : 'model.'
  const width = text.hidden_size_per_layer_input
  const shapes = layered(
    text,
    prefix,
    (layer) => {
      const isGlobal = text.layer_types[layer] === 'full_attention'
      const shares = layer >= 6 - text.num_kv_shared_layers
      const [size, ff] = [isGlobal ? 24 : 16, shares && text.use_double_wide_mlp ? 160 : 80]
      const kv = (isGlobal ? (text.num_global_key_value_heads ?? 2) : 2) * size
      return {
        ...Object.fromEntries(
          [
            'input_layernorm',
            'post_attention_layernorm',
            'pre_feedforward_layernorm',
            'post_feedforward_layernorm',
          ].map((part) => [`${part}.weight`, [64]]),
        ),
        'self_attn.q_proj.weight': [4 * size, 64],
        'self_attn.q_norm.weight': [size],
        'self_attn.k_proj.weight': [kv, 64],
        'self_attn.k_norm.weight': [size],
        ...(isGlobal && text.attention_k_eq_v ? {} : { 'self_attn.v_proj.weight': [kv, 64] }),
        'self_attn.o_proj.weight': [64, 4 * size],
        ...{ 'mlp.gate_proj.weight': [ff, 64], 'mlp.up_proj.weight': [ff, 64], 'mlp.down_proj.weight': [64, ff] },
        ...(width
          ? {
              'per_layer_input_gate.weight': [width, 64],
              'per_layer_projection.weight': [64, width],
              'post_per_layer_input_norm.weight': [64],
            }
          : {}),
        layer_scalar: [1],
      }
    },
    'norm',
  )
  const inputs: Shapes = width
    ? [
        [`${prefix}embed_tokens_per_layer.weight`, [97, 6 * width]],
        [`${prefix}per_layer_model_projection.weight`, [6 * width, 64]],
        [`${prefix}per_layer_projection_norm.weight`, [width]],
      ]
    : []
  if (!nested) return { config: text, shapes: [...shapes, ...inputs], forward: gemma4 }
  const { architectures, ...text_config } = text
  const config = {
    model_type: 'gemma4',
    architectures: ['Gemma4ForConditionalGeneration'],
    text_config,
    vision_config: { model_type: 'gemma4_vision' },
    audio_config: null,
    tie_word_embeddings: true,
  }
  const unread: Shapes = [['model.vision_tower.patch_embedder.input_proj.weight', [8, 8]]]
  return { config, shapes: [...shapes, ...inputs, ...unread], forward: gemma4 }
}

/** As Gemma 3 is published: the text model within one for images, under the names of Transformers before 4.52. */
function nestedGemma3(): Recipe {
  const text_config = {
    model_type: 'gemma3_text',
    ...sizes,
    head_dim: 24,
    hidden_activation: 'gelu_pytorch_tanh',
    query_pre_attn_scalar: 12,
    sliding_window: 5,
    sliding_window_pattern: 3,
    rope_theta: 1_000_000,
    rope_local_base_freq: 10_000,
    tie_word_embeddings: true,
  }
  const shapes = decoder(text_config, (tensors) => {
    tensors.set('pre_feedforward_layernorm.weight', [64]).set('post_feedforward_layernorm.weight', [64])
    withHeadNorms(tensors, 24)
  }).map(([name, shape]): Shapes[number] => [`language_model.${name}`, shape])
  const config = {
    model_type: 'gemma3',
    architectures: ['Gemma3ForConditionalGeneration'],
    text_config,
    vision_config: { model_type: 'siglip_vision_model' },
  }
  const towers: Shapes = [
    ['vision_tower.vision_model.embeddings.patch_embedding.bias', [8]],
    ['multi_modal_projector.mm_soft_emb_norm.weight', [8]],
  ]
  return {
    config,
    shapes: [...shapes, ...towers],
    forward: (_, weights, ids) => gemma3(text_config, (name) => weights(`language_model.${name}`), ids),
  }
}

const smollm3Config = settings('smollm3', 'SmolLM3ForCausalLM', {
  rope_theta: 5_000_000,
  no_rope_layer_interval: 2,
  use_sliding_window: false,
})
const ministral3Config = settings('ministral3', 'Ministral3ForCausalLM', {
  head_dim: 24,
  tie_word_embeddings: false,
  sliding_window: null,
  rope_parameters: {
    ...{ rope_type: 'yarn', type: 'yarn', rope_theta: 500, factor: 4, original_max_position_embeddings: 6 },
    ...{ beta_fast: 32, beta_slow: 0.1, mscale: 1, mscale_all_dim: 1, llama_4_scaling_beta: 0.3 },
  },
})
const graniteConfig = settings('granite', 'GraniteForCausalLM', {
  ...{ embedding_multiplier: 2, attention_multiplier: 0.2, residual_multiplier: 0.6, logits_scaling: 3 },
})
const fourLayers = { num_hidden_layers: 4, tie_word_embeddings: false, sliding_window: 5 }
const llama3Scaling = {
  ...{ rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 16 },
}

/** Families of 2025 and 2026, and the variants within them that change the computation. */
export const recentRecipes: Record<string, Recipe> = {
  qwen3_5: qwen35Like('model.language_model.'),
  'qwen3_5, text only': qwen35Like('model.'),
  qwen3_moe: qwen3MoeLike([1, 2], true),
  'qwen3_moe, weights as they are': qwen3MoeLike([1, 2], false),
  gpt_oss: gptOssLike(),
  gemma3: nestedGemma3(),
  gemma4: gemma4Like(true, {}),
  'gemma4, values are keys, no inputs of layers': gemma4Like(false, {
    ...{ hidden_size_per_layer_input: 0, num_kv_shared_layers: 0, use_double_wide_mlp: false },
    ...{ attention_k_eq_v: true, num_global_key_value_heads: 1 },
  }),
  smollm3: { config: smollm3Config, shapes: decoder(smollm3Config), forward: smollm3 },
  'smollm3, layers listed': {
    config: { ...smollm3Config, no_rope_layers: [0, 1, 1] },
    shapes: decoder(smollm3Config),
    forward: smollm3,
  },
  lfm2: lfm2Like(false),
  'lfm2, biased': lfm2Like(true),
  granite: { config: graniteConfig, shapes: decoder(graniteConfig), forward: granite },
  granitemoehybrid: graniteHybridLike('nope', 1),
  'granitemoehybrid, rotating, two groups': graniteHybridLike('rope', 2),
  ministral3: { config: ministral3Config, shapes: decoder(ministral3Config), forward: ministral3 },
  exaone4: postNormed(
    settings('exaone4', 'Exaone4ForCausalLM', { ...fourLayers, sliding_window_pattern: 'LLLG', rope_theta: 1_000_000 }),
    exaone4,
  ),
  'exaone4, no windows, llama3': postNormed(
    settings('exaone4', 'Exaone4ForCausalLM', {
      ...{ ...fourLayers, sliding_window: null, sliding_window_pattern: null, rope_theta: 500 },
      rope_scaling: llama3Scaling,
      layer_types: Array(4).fill('full_attention'),
    }),
    exaone4,
  ),
  hunyuan_v1_dense: hunyuanLike({ rope_scaling: { type: 'dynamic', alpha: 1000, factor: 1, mscale: 1 } }),
  ernie4_5: ernieLike(false),
  'ernie4_5, biased': ernieLike(true),
  olmo3: postNormed(
    settings('olmo3', 'Olmo3ForCausalLM', {
      ...{ ...fourLayers, rope_theta: 500_000 },
      rope_scaling: { rope_type: 'yarn', factor: 4, original_max_position_embeddings: 64 },
    }),
    olmo3,
  ),
}
