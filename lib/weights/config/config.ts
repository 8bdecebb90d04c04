import { KinmarkError } from '../../error'
import { type Block, blocksOf } from './blocks'
import { type Family, type FamilyName, families, type Part } from './families'
import { type ConfigFields, configFields, supportedFields } from './fields'
import { looseJson, unlimited } from './loose-json'
import { positionsOf } from './positions'
import type { Rope } from './rope'
import { textModelOf } from './text-model'

/** A model's `config.json` with Hugging Face's defaults filled in. */
export type ModelConfig = {
  family: FamilyName
  /** Prefix of every tensor's name but the head's. */
  prefix: string
  /** The unembedding's name, without `.weight`. */
  headName: string
  hidden: number
  /** Width of the MLP's hidden layer: the input of down_proj. */
  ff: number
  layers: number
  heads: number
  kvHeads: number
  headDim: number
  vocab: number
  maxPositions: number
  normEpsilon: number
  activation: 'silu' | 'relu' | 'gelu' | 'gelu_tanh'
  /** Attention and MLP both read the layer's input, and both outputs are added to it. */
  parallel: boolean
  /** `gate` and `up` are matrices of their own although the family's folders have them in one. */
  gateUpApart: boolean
  /** Parts with a bias. */
  biased: readonly Part[]
  embeddingScale: number
  attentionScale: number
  /** Factor of the output of attention and MLP before it is added to the residual. */
  residualScale: number
  logitScale: number
  /** Attention scores are capped to cap · tanh(score / cap). */
  attentionCap: number | null
  /** Logits are capped to cap · tanh(logit / cap). */
  logitCap: number | null
  blocks: readonly Block[]
  /** Rotary positions of layers with full attention and of those with a window; null if positions are learned. */
  ropes: { full: Rope; windowed: Rope } | null
  /** Queries at position p are multiplied by 1 + beta · log(1 + ⌊p / original⌋); null if they are not. */
  queryGrowth: { beta: number; original: number } | null
  /** Sizes of layers that are gated delta nets. */
  delta: { keyHeads: number; valueHeads: number; keyDim: number; valueDim: number; kernel: number } | null
  /** Sizes of layers that are short convolutions. */
  shortConv: { kernel: number; biased: boolean } | null
  /** Sizes of layers that are Mamba-2. `limits` bound the time step. */
  mamba: Mamba | null
  /** Each layer receives its own embedding of the token, of this width; null if it does not. */
  layerInput: { width: number; vocab: number } | null
  /** Experts of the layers that have some; null if none has. */
  experts: Experts | null
  /** Whether the unembedding is the embedding. */
  tied: boolean
  bos: number
}

/**
 * Of `count` MLPs of width `ff`, the `used` best ones; `normed` makes their weights add up to 1. `limit` bounds gate and
 * up. `fused`: rows of gate and up take turns in one matrix. `inOut`: the files hold matrices as [in, out].
 */
type Experts = {
  count: number
  used: number
  ff: number
  normed: boolean
  limit: number | null
  biased: boolean
  fused: boolean
  inOut: boolean
}

type Mamba = {
  heads: number
  headDim: number
  groups: number
  state: number
  kernel: number
  convBiased: boolean
  biased: boolean
  limits: readonly [number, number]
}

/**
 * Parses the text of a `config.json`. `source` names the file that errors refer to. Throws `weights.*` if the model is
 * not supported or a setting is unusable.
 */
export function parseConfig(text: string, source = 'config.json'): ModelConfig {
  let json: unknown
  try {
    json = looseJson(text)
  } catch (cause) {
    throw new KinmarkError('weights.not-json', { path: source }, { cause })
  }
  const { name, settings } = textModelOf(json, source)
  const family: Family = families[name]
  const raw = withLlamaNames(settings, family)
  const supported = supportedFields.safeParse(raw)
  if (!supported.success) {
    const [{ path }] = supported.error.issues
    const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], raw)
    throw new KinmarkError('weights.setting-unsupported', {
      source,
      setting: settingName(path, family),
      value: JSON.stringify(value).slice(0, 100),
    })
  }
  const parsed = configFields.safeParse(raw)
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues
    throw new KinmarkError('weights.setting-invalid', { source, setting: settingName(path, family), reason: message })
  }
  return fill(name, family, parsed.data, source)
}

/** Renames a family's own settings to the names of Llama's config, and fills in the family's defaults. */
function withLlamaNames(json: Record<string, unknown>, { keys = {}, defaults = {} }: Family): Record<string, unknown> {
  const renamed = Object.entries(keys).map(([llamaName, ownName]) => [llamaName, json[ownName] ?? undefined] as const)
  const raw: Record<string, unknown> = { ...json, ...Object.fromEntries(renamed) }
  for (const [key, value] of Object.entries(defaults)) if (raw[key] === undefined) raw[key] = value
  return raw
}

/** The name of a setting in the family's own config. */
function settingName([key, ...rest]: PropertyKey[], { keys = {} }: Family): string {
  return [keys[String(key)] ?? String(key), ...rest.map(String)].join('.')
}

const attentionParts: readonly Part[] = ['q', 'k', 'v', 'qkv', 'attentionOut']
const mlpParts: readonly Part[] = ['gate', 'up', 'gateUp', 'down']

function fill(name: FamilyName, family: Family, raw: ConfigFields, source: string): ModelConfig {
  const heads = raw.num_attention_heads
  const kvHeads = family.fusedQkv === 'heads' ? heads : (raw.num_key_value_heads ?? heads)
  const headDim = raw.head_dim ?? raw.hidden_size / heads
  if (!Number.isInteger(headDim))
    throw new KinmarkError('weights.setting-not-multiple', {
      ...{ source, setting: 'hidden_size', value: raw.hidden_size, of: 'num_attention_heads', divisor: heads },
    })
  if (heads % kvHeads !== 0)
    throw new KinmarkError('weights.setting-not-multiple', {
      ...{ source, setting: 'num_attention_heads', value: heads, of: 'num_key_value_heads', divisor: kvHeads },
    })
  const bos = raw.bos_token_id ?? 0
  if (bos >= raw.vocab_size)
    throw new KinmarkError('weights.bos-outside-vocabulary', { source, token: bos, vocab: raw.vocab_size })
  const ff = feedForwardOf(raw)
  const blocks = blocksOf(family, raw, { headDim, kvHeads, ff }, source)
  const scale = (factor: number | null | undefined) => (family.multipliers ? (factor ?? 1) : 1)
  return {
    family: name,
    prefix: family.prefix,
    headName: family.head,
    hidden: raw.hidden_size,
    ff,
    layers: raw.num_hidden_layers,
    heads,
    kvHeads,
    headDim,
    vocab: raw.vocab_size,
    normEpsilon: raw.rms_norm_eps,
    activation: raw.hidden_act,
    parallel: raw.use_parallel_residual ?? false,
    gateUpApart: raw.gate_up_apart ?? false,
    biased: [
      ...(family.biased ?? []),
      ...(raw.attention_bias ? attentionParts : []),
      ...(raw.mlp_bias ? mlpParts : []),
      ...(raw.conv_bias ? convParts : []),
      ...(raw.mamba_proj_bias ? mambaProjections : []),
    ],
    embeddingScale: family.scaledEmbedding ? Math.sqrt(raw.hidden_size) : scale(raw.embedding_multiplier),
    attentionScale: family.multipliers
      ? scale(raw.attention_multiplier)
      : (raw.query_pre_attn_scalar ?? headDim) ** -0.5,
    residualScale: scale(raw.residual_multiplier),
    logitScale: 1 / scale(raw.logits_scaling),
    attentionCap: raw.attn_logit_softcapping ?? null,
    logitCap: raw.final_logit_softcapping ?? null,
    blocks,
    ...positionsOf(family, raw, blocks, headDim, source),
    ...mixersOf(raw, blocks, source),
    experts: blocks.some(({ hasExperts }) => hasExperts) ? expertsOf(family, raw, source) : null,
    layerInput:
      family.parts.layerInputGate && raw.hidden_size_per_layer_input
        ? { width: raw.hidden_size_per_layer_input, vocab: raw.vocab_size_per_layer_input ?? raw.vocab_size }
        : null,
    tied: raw.tie_embedding ?? raw.tie_word_embeddings,
    bos,
  }
}

function expertsOf({ experts }: Family, raw: ConfigFields, source: string): Experts {
  const { num_experts: count, num_experts_per_tok: used, moe_intermediate_size: ff, norm_topk_prob } = raw
  if (!count || !used || !ff || used > count)
    throw new KinmarkError('weights.setting-invalid', {
      ...{ source, setting: 'num_experts_per_tok', reason: `a number from 1 to ${count} is expected` },
    })
  const biased = experts?.gateUp !== undefined
  return {
    ...{ count, used, ff, normed: norm_topk_prob ?? false, limit: raw.swiglu_limit ?? null },
    ...{ biased, fused: biased && !raw.gate_up_apart, inOut: false },
  }
}

const convParts: readonly Part[] = ['convIn', 'conv', 'convOut']
const mambaProjections: readonly Part[] = ['mambaIn', 'mambaOut']

/** The width of the MLP, which LFM2 derives from the stated one. */
function feedForwardOf(raw: ConfigFields): number {
  const stated = raw.block_ff_dim ?? raw.intermediate_size ?? 4 * raw.hidden_size
  if (!raw.block_auto_adjust_ff_dim) return stated
  const multiple = raw.block_multiple_of ?? 1
  const adjusted = Math.trunc((raw.block_ffn_dim_multiplier ?? 1) * Math.trunc((2 * stated) / 3))
  return multiple * Math.ceil(adjusted / multiple)
}

/** The sizes of the mixers that occur. */
function mixersOf(
  raw: ConfigFields,
  blocks: readonly Block[],
  source: string,
): Pick<ModelConfig, 'delta' | 'shortConv' | 'mamba'> {
  const has = (mixer: Block['mixer']) => blocks.some((block) => block.mixer === mixer)
  const required = (setting: keyof ConfigFields): number => {
    const value = raw[setting]
    if (typeof value === 'number') return value
    throw new KinmarkError('weights.setting-invalid', { source, setting, reason: 'a number is expected' })
  }
  const multiple = (setting: keyof ConfigFields, of: keyof ConfigFields) => {
    const [value, divisor] = [required(setting), required(of)]
    if (value % divisor !== 0)
      throw new KinmarkError('weights.setting-not-multiple', { source, setting, value, of, divisor })
    return value
  }
  return {
    delta: has('delta')
      ? {
          keyHeads: required('linear_num_key_heads'),
          valueHeads: multiple('linear_num_value_heads', 'linear_num_key_heads'),
          keyDim: required('linear_key_head_dim'),
          valueDim: required('linear_value_head_dim'),
          kernel: required('linear_conv_kernel_dim'),
        }
      : null,
    shortConv: has('shortConv') ? { kernel: required('conv_L_cache'), biased: raw.conv_bias ?? false } : null,
    mamba: has('mamba') ? mambaOf() : null,
  }

  function mambaOf(): Mamba {
    const heads = multiple('mamba_n_heads', 'mamba_n_groups')
    const width = required('mamba_expand') * raw.hidden_size
    const headDim = typeof raw.mamba_d_head === 'number' ? raw.mamba_d_head : width / heads
    if (!Number.isInteger(headDim) || headDim * heads !== width)
      throw new KinmarkError('weights.setting-not-multiple', {
        ...{ source, setting: 'hidden_size · mamba_expand', value: width, of: 'mamba_n_heads', divisor: heads },
      })
    const [least, most] = raw.time_step_limit ?? [0, unlimited]
    return {
      ...{ heads, headDim, groups: required('mamba_n_groups'), state: required('mamba_d_state') },
      ...{ kernel: required('mamba_d_conv'), convBiased: raw.mamba_conv_bias ?? true },
      biased: raw.mamba_proj_bias ?? false,
      limits: [least, most === unlimited ? Number.POSITIVE_INFINITY : Number(most)],
    }
  }
}
