import { z } from 'zod'
import { LegacyError } from '../../error'
import { type Family, type FamilyName, families, isFamily, type Part } from './families'
import { type ConfigFields, configFields, fixedFields } from './fields'
import { positionsOf } from './positions'
import type { Rope } from './rope'

/** What a model's `config.json` says, with Hugging Face's defaults filled in. */
export type ModelConfig = {
  family: FamilyName
  /** Before every tensor's name but the head's. */
  prefix: string
  hidden: number
  /** Width of the MLP's inside: of the input of its last matrix. */
  ff: number
  layers: number
  heads: number
  kvHeads: number
  headDim: number
  vocab: number
  maxPositions: number
  normEpsilon: number
  activation: 'silu' | 'relu' | 'gelu' | 'gelu_tanh'
  /** Attention and MLP both read the layer's input, and are added to it together. */
  parallel: boolean
  biased: readonly Part[]
  embeddingScale: number
  attentionScale: number
  /** Logits are bent into ± this: cap · tanh(logit / cap). */
  attentionCap: number | null
  logitCap: number | null
  /** How many tokens each layer sees, its own included; null where all. */
  windows: readonly (number | null)[]
  /** Rotary positions of layers that see all, and of those with a window; null where positions are learned. */
  ropes: { full: Rope; windowed: Rope } | null
  /** The unembedding is the embedding. */
  tied: boolean
  bos: number
}

export function parseConfig(text: string): ModelConfig {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new LegacyError('“config.json” is not JSON.', { cause })
  }
  const type = z.looseObject({ model_type: z.string(), architectures: z.array(z.string()).nullish() }).safeParse(json)
  if (!type.success) throw new LegacyError('“config.json” does not say its model_type.')
  const name = familyOf(type.data.model_type, type.data.architectures?.[0])
  const family: Family = families[name]
  const raw = asLlama(type.data, family)
  const supported = fixedFields.safeParse(raw)
  if (!supported.success) {
    const [{ path }] = supported.error.issues
    const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], raw)
    throw new LegacyError(
      `“config.json” sets ${named(path, family)} to ${JSON.stringify(value).slice(0, 80)}, which is not supported yet.`,
    )
  }
  const parsed = configFields.safeParse(raw)
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues
    throw new LegacyError(`“config.json”: ${named(path, family)}: ${message}.`)
  }
  return fill(name, family, parsed.data)
}

function familyOf(type: string, architecture: string | undefined): FamilyName {
  if (isFamily(type) && (architecture ?? families[type].architecture) === families[type].architecture) return type
  throw new LegacyError(
    `“config.json” says model_type “${type.slice(0, 40)}” (${(architecture ?? 'no architecture').slice(0, 60)}); supported so far: ${Object.keys(families).join(', ')}, each as a causal language model.`,
  )
}

/** The same settings under the names that Llama's config has for them. */
function asLlama(json: Record<string, unknown>, { keys = {}, defaults = {} }: Family): Record<string, unknown> {
  const renamed = Object.entries(keys).map(([llamas, own]) => [llamas, json[own] ?? undefined] as const)
  const raw: Record<string, unknown> = { ...json, ...Object.fromEntries(renamed) }
  for (const [key, value] of Object.entries(defaults)) if (raw[key] === undefined) raw[key] = value
  return raw
}

/** A field as config.json calls it. */
function named([key, ...rest]: PropertyKey[], { keys = {} }: Family): string {
  return [keys[String(key)] ?? String(key), ...rest.map(String)].join('.')
}

const attentionParts: readonly Part[] = ['q', 'k', 'v', 'qkv', 'attentionOut']
const mlpParts: readonly Part[] = ['gate', 'up', 'gateUp', 'down']

function fill(name: FamilyName, family: Family, raw: ConfigFields): ModelConfig {
  const heads = raw.num_attention_heads
  const kvHeads = family.fusedQkv === 'heads' ? heads : (raw.num_key_value_heads ?? heads)
  const headDim = raw.head_dim ?? raw.hidden_size / heads
  if (!Number.isInteger(headDim))
    throw new LegacyError(
      `“config.json”: hidden_size ${raw.hidden_size} is not a multiple of num_attention_heads ${heads}.`,
    )
  if (heads % kvHeads !== 0)
    throw new LegacyError(
      `“config.json”: num_attention_heads ${heads} is not a multiple of num_key_value_heads ${kvHeads}.`,
    )
  const bos = raw.bos_token_id ?? 0
  if (bos >= raw.vocab_size)
    throw new LegacyError(`“config.json”: bos_token_id ${bos} is outside the vocabulary of ${raw.vocab_size}.`)
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
    ...positionsOf(family, raw, headDim),
    tied: raw.tie_word_embeddings,
    bos,
  }
}
