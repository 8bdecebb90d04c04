import { z } from 'zod'
import { KinmarkError } from '../../error'
import { type Family, type FamilyName, families, isFamily, type Part } from './families'
import { type ConfigFields, configFields, supportedFields } from './fields'
import { positionsOf } from './positions'
import type { Rope } from './rope'

/** A model's `config.json` with Hugging Face's defaults filled in. */
export type ModelConfig = {
  family: FamilyName
  /** Prefix of every tensor's name but the head's. */
  prefix: string
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
  /** Parts with a bias. */
  biased: readonly Part[]
  embeddingScale: number
  attentionScale: number
  /** Attention scores are capped to cap · tanh(score / cap). */
  attentionCap: number | null
  /** Logits are capped to cap · tanh(logit / cap). */
  logitCap: number | null
  /** Per layer, the number of tokens that attention sees, the current one included; null for all. */
  windows: readonly (number | null)[]
  /** Rotary positions of layers with full attention and of those with a window; null if positions are learned. */
  ropes: { full: Rope; windowed: Rope } | null
  /** Whether the unembedding is the embedding. */
  tied: boolean
  bos: number
}

/**
 * Parses the text of a `config.json`. `source` names the file that errors refer to. Throws `weights.*` if the model is
 * not supported or a setting is unusable.
 */
export function parseConfig(text: string, source = 'config.json'): ModelConfig {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new KinmarkError('weights.not-json', { path: source }, { cause })
  }
  const type = z.looseObject({ model_type: z.string(), architectures: z.array(z.string()).nullish() }).safeParse(json)
  if (!type.success) throw new KinmarkError('weights.model-type-missing', { source })
  const name = familyOf(type.data.model_type, type.data.architectures?.[0] ?? null, source)
  const family: Family = families[name]
  const raw = withLlamaNames(type.data, family)
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

function familyOf(modelType: string, architecture: string | null, source: string): FamilyName {
  if (isFamily(modelType) && (architecture ?? families[modelType].architecture) === families[modelType].architecture)
    return modelType
  throw new KinmarkError('weights.family-unsupported', {
    source,
    modelType,
    architecture,
    supported: Object.keys(families),
  })
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
  return {
    family: name,
    prefix: family.prefix,
    hidden: raw.hidden_size,
    ff: raw.intermediate_size ?? 4 * raw.hidden_size,
    layers: raw.num_hidden_layers,
    heads,
    kvHeads,
    headDim,
    vocab: raw.vocab_size,
    normEpsilon: raw.rms_norm_eps,
    activation: raw.hidden_act,
    parallel: raw.use_parallel_residual ?? false,
    biased: [
      ...(family.biased ?? []),
      ...(raw.attention_bias ? attentionParts : []),
      ...(raw.mlp_bias ? mlpParts : []),
    ],
    embeddingScale: family.scaledEmbedding ? Math.sqrt(raw.hidden_size) : 1,
    attentionScale: (raw.query_pre_attn_scalar ?? headDim) ** -0.5,
    attentionCap: raw.attn_logit_softcapping ?? null,
    logitCap: raw.final_logit_softcapping ?? null,
    ...positionsOf(family, raw, headDim, source),
    tied: raw.tie_word_embeddings,
    bos,
  }
}
