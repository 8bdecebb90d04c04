import { z } from 'zod'
import { KinmarkError } from '../error'

/** What a Llama-architecture model's `config.json` says, with Hugging Face's defaults filled in. */
export type LlamaConfig = {
  family: 'llama'
  hidden: number
  /** Width of down_proj's input, Hugging Face's `intermediate_size`. */
  ff: number
  layers: number
  heads: number
  kvHeads: number
  headDim: number
  vocab: number
  maxPositions: number
  normEpsilon: number
  ropeTheta: number
  /** The unembedding is the embedding. */
  tied: boolean
  bos: number
}

/** `model_type` of the families that can be run. */
const supportedFamilies = ['llama']

const size = (most: number) => z.int().min(1).max(most)

const schema = z.object({
  hidden_size: size(65_536),
  intermediate_size: size(1_048_576),
  num_hidden_layers: size(512),
  num_attention_heads: size(1024),
  num_key_value_heads: size(1024).nullish(),
  head_dim: size(1024).nullish(),
  vocab_size: size(4_194_304),
  max_position_embeddings: size(16_777_216).default(2048),
  rms_norm_eps: z.number().min(0).max(1).default(1e-6),
  rope_theta: z.number().positive().max(1e12).optional(),
  rope_parameters: z.object({ rope_theta: z.number().positive().max(1e12).optional() }).nullish(),
  tie_word_embeddings: z.boolean().default(false),
  bos_token_id: z.int().min(0).nullish(),
})

/** Settings that change the mathematics, and the one value of each that the graph computes. */
const fixed = z.object({
  hidden_act: z.literal('silu').default('silu'),
  attention_bias: z.literal(false).default(false),
  mlp_bias: z.literal(false).default(false),
  rope_scaling: z.null().optional(),
  rope_parameters: z.looseObject({ rope_type: z.literal('default').default('default') }).nullish(),
  quantization_config: z.null().optional(),
})

export function parseConfig(text: string): LlamaConfig {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new KinmarkError('“config.json” is not JSON.', { cause })
  }
  const family = z.looseObject({ model_type: z.string(), architectures: z.array(z.string()).nullish() }).safeParse(json)
  if (!family.success) throw new KinmarkError('“config.json” does not say its model_type.')
  assertFamily(family.data.model_type, family.data.architectures?.[0] ?? 'LlamaForCausalLM')
  const supported = fixed.safeParse(json)
  if (!supported.success) {
    const [{ path }] = supported.error.issues
    const value = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)[key], json)
    throw new KinmarkError(
      `“config.json” sets ${path.join('.')} to ${JSON.stringify(value).slice(0, 80)}, which is not supported yet.`,
    )
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues
    throw new KinmarkError(`“config.json”: ${path.join('.')}: ${message}.`)
  }
  return fill(parsed.data)
}

function assertFamily(family: string, architecture: string): void {
  if (!supportedFamilies.includes(family) || architecture !== 'LlamaForCausalLM')
    throw new KinmarkError(
      `“config.json” says model_type “${family.slice(0, 40)}” (${architecture.slice(0, 60)}); supported so far: ${supportedFamilies.join(', ')} (LlamaForCausalLM).`,
    )
}

function fill(raw: z.infer<typeof schema>): LlamaConfig {
  const heads = raw.num_attention_heads
  const kvHeads = raw.num_key_value_heads ?? heads
  const headDim = raw.head_dim ?? raw.hidden_size / heads
  if (!Number.isInteger(headDim))
    throw new KinmarkError(
      `“config.json”: hidden_size ${raw.hidden_size} is not a multiple of num_attention_heads ${heads}.`,
    )
  if (heads % kvHeads !== 0)
    throw new KinmarkError(
      `“config.json”: num_attention_heads ${heads} is not a multiple of num_key_value_heads ${kvHeads}.`,
    )
  if (headDim % 2 !== 0)
    throw new KinmarkError(`“config.json”: head_dim ${headDim} is odd; rotary positions need pairs.`)
  const bos = raw.bos_token_id ?? 0
  if (bos >= raw.vocab_size)
    throw new KinmarkError(`“config.json”: bos_token_id ${bos} is outside the vocabulary of ${raw.vocab_size}.`)
  return {
    family: 'llama',
    hidden: raw.hidden_size,
    ff: raw.intermediate_size,
    layers: raw.num_hidden_layers,
    heads,
    kvHeads,
    headDim,
    vocab: raw.vocab_size,
    maxPositions: raw.max_position_embeddings,
    normEpsilon: raw.rms_norm_eps,
    ropeTheta: raw.rope_parameters?.rope_theta ?? raw.rope_theta ?? 10_000,
    tied: raw.tie_word_embeddings,
    bos,
  }
}
