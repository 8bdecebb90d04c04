/** How a layer mixes a token with those before it. */
export type Mixer = 'attention' | 'delta' | 'shortConv' | 'mamba'

/** The possible parts of a layer; a family's row names those that its layers have. */
export type Part =
  | 'attentionNorm'
  /** With `gatedQuery`, each head's query is followed by the gate of its output. */
  | 'q'
  | 'k'
  | 'v'
  /** q, k and v in one matrix, in the order of `fusedQkv`. */
  | 'qkv'
  | 'qNorm'
  | 'kNorm'
  /** One score for each head, which takes a part of its attention and gives nothing. */
  | 'sinks'
  | 'attentionOut'
  /** Norm of the attention's output, before it is added to the residual. */
  | 'attentionPostNorm'
  | 'mlpNorm'
  /** Its activation multiplies `up`; without a gate, the activation is applied to `up` itself. */
  | 'gate'
  | 'up'
  /** `gate` and `up` in one matrix, in this order; where a row has all three, GGUF files have the two. */
  | 'gateUp'
  | 'down'
  /** Norm of the MLP's output, before it is added to the residual. */
  | 'mlpPostNorm'
  /** Scores the experts of a layer that has some instead of one MLP. */
  | 'router'
  /** Gemma 4's input of each layer: a gate of the residual, the way back, and a norm of the result. */
  | 'layerInputGate'
  | 'layerInputOut'
  | 'layerInputNorm'
  /** One number that multiplies the layer's output. */
  | 'layerScale'
  /** Gated delta net: q, k and v, the output's gate, β and the decay, each from the layer's input. */
  | 'deltaQkv'
  | 'deltaGate'
  | 'deltaBeta'
  | 'deltaDecay'
  | 'deltaConv'
  | 'deltaLogDecay'
  | 'deltaTimeBias'
  | 'deltaNorm'
  | 'deltaOut'
  /** Short convolution: its gates and input in one matrix. */
  | 'convIn'
  | 'conv'
  | 'convOut'
  /** Mamba-2: the output's gate, the convolution's input and the time steps in one matrix. */
  | 'mambaIn'
  | 'mambaConv'
  | 'mambaLogDecay'
  | 'mambaTimeBias'
  | 'mambaSkip'
  | 'mambaNorm'
  | 'mambaOut'

/** The matrices of an expert, which is a gated MLP; rows of `gate` and `up` take turns in `gateUp`. */
export type ExpertPart = 'gate' | 'up' | 'gateUp' | 'down'

/** The differences between families. To add a family, add a row, and any field that no other row needed. */
export type Family = {
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
  window?: 'all' | 'upper' | 'pattern' | 'unrotated'
  /** Mixers of the layer types that are no attention. */
  mixers?: Readonly<Record<string, Mixer>>
  /**
   * Which layers rotate q and k, if not all: those that `no_rope_layers` lists, those with a window, or all if
   * `position_embedding_type` says so.
   */
  rotates?: 'listed' | 'windowed' | 'stated'
  /** Rotation pairs neighbouring dimensions, instead of dimension i with i + dim / 2. */
  neighbours?: true
  /** q and k are normalised after their rotation. */
  normAfterRotation?: true
  /** v is normalised per head, without a gain. */
  valueNorm?: true
  /** q_proj gives each head's query and a gate, by whose sigmoid the head's output is multiplied. */
  gatedQuery?: true
  /** Layers with a window rotate without `rope_scaling`. */
  unscaledWindow?: true
  /** The config gives factors of the embedding, attention, each block's output, and the logits. */
  multipliers?: true
  /**
   * Layers may have experts: the part of a name before an expert's number, and those after it. With `gateUp`, the files
   * hold each of the matrices for all experts in one tensor, with biases, perhaps as MXFP4.
   */
  experts?: { each: string; gateUp?: string } & Record<Exclude<ExpertPart, 'gateUp'>, string>
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
  norm: 'rms1',
  scaledEmbedding: true,
  keys: { hidden_act: 'hidden_activation' },
  defaults: { hidden_act: 'gelu_pytorch_tanh', head_dim: 256, tie_word_embeddings: true },
}

const gemma2: Family = {
  ...gemma,
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
const postNormed = {
  ...unnormed,
  attentionPostNorm: 'post_attention_layernorm',
  mlpPostNorm: 'post_feedforward_layernorm',
}
const olmo2: Family = {
  ...llama,
  parts: { ...postNormed, ...headNorms },
  qkNorm: 'width',
  defaults: { rms_norm_eps: 1e-5 },
}
const qwen3: Family = {
  ...llama,
  ...upperWindow,
  parts: { ...llama.parts, ...headNorms },
  qkNorm: 'head',
  defaults: { ...upperWindow.defaults, head_dim: 128 },
}

/** `model_type` → row. */
export const families = {
  llama,
  mistral: { ...llama, window: 'all', defaults: { sliding_window: 4096 } },
  qwen2: { ...llama, ...upperWindow, biased: ['q', 'k', 'v'] },
  qwen3,
  qwen3_moe: {
    ...qwen3,
    parts: { ...qwen3.parts, router: 'mlp.gate' },
    experts: { each: 'mlp.experts', gate: 'gate_proj', up: 'up_proj', down: 'down_proj' },
    defaults: {
      ...qwen3.defaults,
      ...{ num_experts: 128, num_experts_per_tok: 8, moe_intermediate_size: 768, norm_topk_prob: false },
    },
  },
  gpt_oss: {
    ...llama,
    parts: { ...llama.parts, sinks: 'self_attn.sinks', router: 'mlp.router' },
    biased: ['q', 'k', 'v', 'attentionOut', 'router'],
    window: 'pattern',
    experts: { each: 'mlp.experts', gateUp: 'gate_up_proj', gate: 'gate_proj', up: 'up_proj', down: 'down_proj' },
    keys: { num_experts: 'num_local_experts', moe_intermediate_size: 'intermediate_size' },
    defaults: {
      ...{ head_dim: 64, rms_norm_eps: 1e-5, sliding_window: 128, sliding_window_pattern: 2, rope_theta: 150_000 },
      ...{ num_experts: 128, num_experts_per_tok: 4, norm_topk_prob: true, swiglu_limit: 7 },
      rope_scaling: { rope_type: 'yarn', factor: 32, truncate: false, original_max_position_embeddings: 4096 },
    },
  },
  gemma,
  gemma2,
  gemma3_text: {
    ...gemma2,
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
  smollm3: {
    ...llama,
    window: 'unrotated',
    rotates: 'listed',
    defaults: { rope_theta: 2_000_000, no_rope_layer_interval: 4, tie_word_embeddings: true },
  },
  ministral3: { ...llama, window: 'all', defaults: { head_dim: 128, rms_norm_eps: 1e-5 } },
  granite: { ...llama, multipliers: true },
  granitemoehybrid: {
    ...llama,
    multipliers: true,
    parts: {
      ...unfused,
      ...{ q, k, v, gateUp: 'shared_mlp.input_linear', down: 'shared_mlp.output_linear' },
      ...{ gate: 'shared_mlp.gate', up: 'shared_mlp.up' },
      mambaIn: 'mamba.in_proj',
      mambaConv: 'mamba.conv1d',
      mambaLogDecay: 'mamba.A_log',
      mambaTimeBias: 'mamba.dt_bias',
      mambaSkip: 'mamba.D',
      mambaNorm: 'mamba.norm',
      mambaOut: 'mamba.out_proj',
    },
    mixers: { linear_attention: 'mamba', mamba: 'mamba' },
    rotates: 'stated',
    keys: { intermediate_size: 'shared_intermediate_size' },
    defaults: { intermediate_size: 1024, mamba_expand: 2, mamba_n_groups: 1, mamba_d_conv: 4, mamba_conv_bias: true },
  },
  exaone4: {
    ...llama,
    parts: { ...postNormed, ...headNorms },
    qkNorm: 'head',
    window: 'pattern',
    rotates: 'windowed',
    defaults: { rms_norm_eps: 1e-5, sliding_window_pattern: 4 },
  },
  hunyuan_v1_dense: {
    ...llama,
    parts: { ...llama.parts, qNorm: 'self_attn.query_layernorm', kNorm: 'self_attn.key_layernorm' },
    qkNorm: 'head',
    normAfterRotation: true,
    defaults: { rms_norm_eps: 1e-5 },
  },
  ernie4_5: {
    ...llama,
    neighbours: true,
    keys: { attention_bias: 'use_bias', mlp_bias: 'use_bias' },
    defaults: { rope_theta: 500_000, head_dim: 128, rms_norm_eps: 1e-5, tie_word_embeddings: true },
  },
  lfm2: {
    ...llama,
    parts: {
      attentionNorm: 'operator_norm',
      ...{ q, k, v, attentionOut: 'self_attn.out_proj' },
      qNorm: 'self_attn.q_layernorm',
      kNorm: 'self_attn.k_layernorm',
      convIn: 'conv.in_proj',
      conv: 'conv.conv',
      convOut: 'conv.out_proj',
      mlpNorm: 'ffn_norm',
      gate: 'feed_forward.w1',
      up: 'feed_forward.w3',
      down: 'feed_forward.w2',
    },
    finalNorm: 'embedding_norm',
    qkNorm: 'head',
    mixers: { conv: 'shortConv' },
    keys: { rms_norm_eps: 'norm_eps' },
    defaults: {
      rope_theta: 1_000_000,
      rms_norm_eps: 1e-5,
      conv_L_cache: 3,
      block_auto_adjust_ff_dim: true,
      block_ffn_dim_multiplier: 1,
      block_multiple_of: 256,
      tie_word_embeddings: true,
    },
  },
  qwen3_5_text: {
    ...llama,
    parts: {
      ...llama.parts,
      ...headNorms,
      deltaQkv: 'linear_attn.in_proj_qkv',
      deltaGate: 'linear_attn.in_proj_z',
      deltaBeta: 'linear_attn.in_proj_b',
      deltaDecay: 'linear_attn.in_proj_a',
      deltaConv: 'linear_attn.conv1d',
      deltaLogDecay: 'linear_attn.A_log',
      deltaTimeBias: 'linear_attn.dt_bias',
      deltaNorm: 'linear_attn.norm',
      deltaOut: 'linear_attn.out_proj',
    },
    norm: 'rms1',
    qkNorm: 'head',
    gatedQuery: true,
    mixers: { linear_attention: 'delta' },
    defaults: {
      ...{ head_dim: 256, partial_rotary_factor: 0.25, full_attention_interval: 4, linear_conv_kernel_dim: 4 },
      ...{ linear_key_head_dim: 128, linear_value_head_dim: 128, linear_num_key_heads: 16, linear_num_value_heads: 32 },
    },
    unread: /^mtp\./,
  },
  gemma4_text: {
    ...gemma2,
    norm: 'rms',
    parts: {
      ...gemma2.parts,
      ...headNorms,
      layerInputGate: 'per_layer_input_gate',
      layerInputOut: 'per_layer_projection',
      layerInputNorm: 'post_per_layer_input_norm',
      layerScale: 'layer_scalar',
    },
    qkNorm: 'head',
    valueNorm: true,
    defaults: {
      ...gemma.defaults,
      sliding_window: 512,
      sliding_window_pattern: 6,
      global_head_dim: 512,
      attn_logit_softcapping: null,
      hidden_size_per_layer_input: 256,
      query_pre_attn_scalar: 1,
      rope_parameters: {
        sliding_attention: { rope_type: 'default', rope_theta: 10_000 },
        full_attention: { rope_type: 'proportional', partial_rotary_factor: 0.25, rope_theta: 1_000_000 },
      },
    },
  },
  phi3: {
    ...llama,
    parts: { ...unfused, qkv: 'self_attn.qkv_proj', gateUp: 'mlp.gate_up_proj' },
    fusedQkv: 'blocks',
    window: 'all',
  },
  olmo2,
  olmo3: {
    ...olmo2,
    window: 'pattern',
    unscaledWindow: true,
    defaults: { ...olmo2.defaults, rope_theta: 500_000, sliding_window: 4096, sliding_window_pattern: 4 },
  },
  gpt_neox: {
    ...llama,
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

/** The method of quantised weights that a family's models are published in, and that is read; null for the others. */
export function packedBy(name: FamilyName): string | null {
  const { experts }: Family = families[name]
  return experts?.gateUp ? 'mxfp4' : null
}

export function isFamily(name: string): name is FamilyName {
  return Object.hasOwn(families, name)
}
