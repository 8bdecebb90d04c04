/** The possible parts of a layer; a family's row names those that its layers have. */
export type Part =
  | 'attentionNorm'
  | 'q'
  | 'k'
  | 'v'
  /** q, k and v in one matrix, in the order of `fusedQkv`. */
  | 'qkv'
  | 'qNorm'
  | 'kNorm'
  | 'attentionOut'
  /** Norm of the attention's output, before it is added to the residual. */
  | 'attentionPostNorm'
  | 'mlpNorm'
  /** Its activation multiplies `up`; without a gate, the activation is applied to `up` itself. */
  | 'gate'
  | 'up'
  /** `gate` and `up` in one matrix, in this order. */
  | 'gateUp'
  | 'down'
  /** Norm of the MLP's output, before it is added to the residual. */
  | 'mlpPostNorm'

/** The differences between families. To add a family, add a row, and any field that no other row needed. */
export type Family = {
  /** Hugging Face's class of the model with its head. */
  architecture: string
  /** Prefix of every name but the head's. Files saved from the model without its head lack it. */
  prefix: string
  embedding: string
  /** The table of learned positions; without it positions are rotary. */
  positions?: string
  /** The part of a name before the layer's number. */
  layer: string
  parts: Partial<Record<Part, string>>
  finalNorm: string
  head: string
  /** `rms1` is RMSNorm whose gain is 1 + the stored weight. */
  norm: 'rms' | 'rms1' | 'layer'
  /** Order of the rows of `qkv`: `blocks` is all of q, then k, then v; `heads` is q, k and v of each head in turn. */
  fusedQkv?: 'blocks' | 'heads'
  /** `qNorm` and `kNorm` normalise each `head` on its own, or the whole `width` as one vector. */
  qkNorm?: 'head' | 'width'
  /** The file stores matrices as [in, out]. */
  inOut?: true
  /** Parts that always have a bias. */
  biased?: readonly Part[]
  /** Which layers attend to the last `sliding_window` tokens only, unless the config lists them. */
  window?: 'all' | 'upper' | 'pattern'
  /** The embedding is multiplied by √hidden. */
  scaledEmbedding?: true
  /** The family's own names of settings in config.json, by their names in Llama's config. */
  keys?: Readonly<Record<string, string>>
  /** Hugging Face's defaults for settings that config.json omits, where they differ from Llama's. */
  defaults?: Readonly<Record<string, unknown>>
  /** Tensors of old exports that are not read. */
  unread?: RegExp
}

const llama: Family = {
  architecture: 'LlamaForCausalLM',
  prefix: 'model.',
  embedding: 'embed_tokens',
  layer: 'layers',
  parts: {
    attentionNorm: 'input_layernorm',
    q: 'self_attn.q_proj',
    k: 'self_attn.k_proj',
    v: 'self_attn.v_proj',
    attentionOut: 'self_attn.o_proj',
    mlpNorm: 'post_attention_layernorm',
    gate: 'mlp.gate_proj',
    up: 'mlp.up_proj',
    down: 'mlp.down_proj',
  },
  finalNorm: 'norm',
  head: 'lm_head',
  norm: 'rms',
}

const headNorms = { qNorm: 'self_attn.q_norm', kNorm: 'self_attn.k_norm' }
const upperWindow = { window: 'upper', defaults: { use_sliding_window: false, max_window_layers: 28 } } as const

const gemma: Family = {
  ...llama,
  architecture: 'GemmaForCausalLM',
  norm: 'rms1',
  scaledEmbedding: true,
  keys: { hidden_act: 'hidden_activation' },
  defaults: { hidden_act: 'gelu_pytorch_tanh', head_dim: 256, tie_word_embeddings: true },
}

const gemma2: Family = {
  ...gemma,
  architecture: 'Gemma2ForCausalLM',
  parts: {
    ...gemma.parts,
    attentionPostNorm: 'post_attention_layernorm',
    mlpNorm: 'pre_feedforward_layernorm',
    mlpPostNorm: 'post_feedforward_layernorm',
  },
  window: 'pattern',
  defaults: {
    ...gemma.defaults,
    query_pre_attn_scalar: 256,
    sliding_window: 4096,
    sliding_window_pattern: 2,
    attn_logit_softcapping: 50,
    final_logit_softcapping: 30,
  },
}

const { q, k, v, gate, up, ...unfused } = llama.parts
const { attentionNorm, mlpNorm, ...unnormed } = llama.parts

/** `model_type` → row. */
export const families = {
  llama,
  mistral: { ...llama, architecture: 'MistralForCausalLM', window: 'all', defaults: { sliding_window: 4096 } },
  qwen2: { ...llama, ...upperWindow, architecture: 'Qwen2ForCausalLM', biased: ['q', 'k', 'v'] },
  qwen3: {
    ...llama,
    ...upperWindow,
    architecture: 'Qwen3ForCausalLM',
    parts: { ...llama.parts, ...headNorms },
    qkNorm: 'head',
    defaults: { ...upperWindow.defaults, head_dim: 128 },
  },
  gemma,
  gemma2,
  gemma3_text: {
    ...gemma2,
    architecture: 'Gemma3ForCausalLM',
    parts: { ...gemma2.parts, ...headNorms },
    qkNorm: 'head',
    defaults: {
      ...gemma2.defaults,
      sliding_window_pattern: 6,
      rope_theta: 1_000_000,
      rope_local_base_freq: 10_000,
      attn_logit_softcapping: null,
      final_logit_softcapping: null,
    },
  },
  phi3: {
    ...llama,
    architecture: 'Phi3ForCausalLM',
    parts: { ...unfused, qkv: 'self_attn.qkv_proj', gateUp: 'mlp.gate_up_proj' },
    fusedQkv: 'blocks',
    window: 'all',
  },
  olmo2: {
    ...llama,
    architecture: 'Olmo2ForCausalLM',
    parts: {
      ...unnormed,
      ...headNorms,
      attentionPostNorm: 'post_attention_layernorm',
      mlpPostNorm: 'post_feedforward_layernorm',
    },
    qkNorm: 'width',
    defaults: { rms_norm_eps: 1e-5 },
  },
  gpt_neox: {
    ...llama,
    architecture: 'GPTNeoXForCausalLM',
    prefix: 'gpt_neox.',
    embedding: 'embed_in',
    parts: {
      attentionNorm,
      qkv: 'attention.query_key_value',
      attentionOut: 'attention.dense',
      mlpNorm,
      up: 'mlp.dense_h_to_4h',
      down: 'mlp.dense_4h_to_h',
    },
    finalNorm: 'final_layer_norm',
    head: 'embed_out',
    norm: 'layer',
    fusedQkv: 'heads',
    biased: ['up', 'down'],
    keys: { rms_norm_eps: 'layer_norm_eps', rope_theta: 'rotary_emb_base', partial_rotary_factor: 'rotary_pct' },
    defaults: {
      attention_bias: true,
      hidden_act: 'gelu',
      rms_norm_eps: 1e-5,
      partial_rotary_factor: 0.25,
      use_parallel_residual: true,
    },
    unread: /\.attention\.(bias|masked_bias)$/,
  },
  gpt2: {
    architecture: 'GPT2LMHeadModel',
    prefix: 'transformer.',
    embedding: 'wte',
    positions: 'wpe',
    layer: 'h',
    parts: {
      attentionNorm: 'ln_1',
      qkv: 'attn.c_attn',
      attentionOut: 'attn.c_proj',
      mlpNorm: 'ln_2',
      up: 'mlp.c_fc',
      down: 'mlp.c_proj',
    },
    finalNorm: 'ln_f',
    head: 'lm_head',
    norm: 'layer',
    fusedQkv: 'blocks',
    inOut: true,
    biased: ['qkv', 'attentionOut', 'up', 'down'],
    keys: {
      hidden_size: 'n_embd',
      intermediate_size: 'n_inner',
      num_hidden_layers: 'n_layer',
      num_attention_heads: 'n_head',
      max_position_embeddings: 'n_positions',
      rms_norm_eps: 'layer_norm_epsilon',
      hidden_act: 'activation_function',
    },
    defaults: {
      hidden_act: 'gelu_new',
      max_position_embeddings: 1024,
      rms_norm_eps: 1e-5,
      tie_word_embeddings: true,
    },
    unread: /\.attn\.(bias|masked_bias)$/,
  },
} as const satisfies Record<string, Family>

export type FamilyName = keyof typeof families

export function isFamily(name: string): name is FamilyName {
  return Object.hasOwn(families, name)
}
