import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { type Family, type FamilyName, families } from '../config/families'
import { familySettings } from './family-settings'
import { ggufPositions } from './positions'
import type { Gguf } from './read-gguf'
import type { GgufValue } from './values'

/** `general.architecture` → `model_type`. */
const familyOf: Readonly<Record<string, FamilyName>> = {
  ...{ llama: 'llama', qwen2: 'qwen2', qwen3: 'qwen3', gemma: 'gemma', gemma2: 'gemma2', gemma3: 'gemma3_text' },
  ...{ phi3: 'phi3', olmo2: 'olmo2', gpt2: 'gpt2', gptneox: 'gpt_neox', smollm3: 'smollm3', granite: 'granite' },
  ...{ ernie4_5: 'ernie4_5', exaone4: 'exaone4', 'hunyuan-dense': 'hunyuan_v1_dense', mistral3: 'ministral3' },
  ...{
    qwen3moe: 'qwen3_moe',
    'gpt-oss': 'gpt_oss',
    qwen35: 'qwen3_5_text',
    gemma4: 'gemma4_text',
    lfm2: 'lfm2',
    granitehybrid: 'granitemoehybrid',
  },
}

/** Layer counts of the 27 B models, whose queries are scaled by hidden / heads instead of the head dimension. */
const scaledByHidden: Readonly<Record<string, number>> = { gemma2: 46, gemma3: 62 }

/** Families with windows in a file's `attention.sliding_window` that the family itself does not have. */
const windowless: readonly FamilyName[] = ['lfm2', 'granitemoehybrid', 'qwen3_5_text']

const layersLimit = 512

/**
 * The `config.json` that corresponds to a GGUF file's metadata. Keys follow
 * https://github.com/ggml-org/ggml/blob/master/docs/gguf.md and, where it does not say, llama.cpp's
 * convert_hf_to_gguf.py.
 */
export async function ggufConfig(gguf: Gguf, files: readonly NamedBytes[]): Promise<Record<string, unknown>> {
  const { path, metadata, tensors } = gguf
  const architecture = metadata.get('general.architecture')
  const named =
    typeof architecture === 'string' && Object.hasOwn(familyOf, architecture) ? familyOf[architecture] : null
  const tensor = (name: string) => tensors.find((t) => t.name === name)
  const biased = tensor('blk.0.attn_q.bias') !== undefined
  const family = named && ownFamily(named, { biased, ...gguf })
  if (!family)
    throw new KinmarkError('weights.gguf-architecture-unsupported', {
      path,
      architecture: String(architecture),
      supported: Object.keys(familyOf),
    })
  const row: Family = families[family]
  const value = (key: string) => metadata.get(`${architecture}.${key}`)
  const number = (key: string) => {
    const found = value(key)
    return typeof found === 'number' ? found : undefined
  }
  if (number('expert_count') && !row.experts) throw new KinmarkError('weights.mixture-of-experts', { path })
  const refuse = (key: string) => {
    throw new KinmarkError('weights.setting-unsupported', {
      ...{ source: path, setting: `${architecture}.${key}`, value: String(value(key)) },
    })
  }
  if (value('attention.causal') === false) refuse('attention.causal')
  if (windowless.includes(family) && number('attention.sliding_window')) refuse('attention.sliding_window')
  const [hidden, blocks, heads] = ['embedding_length', 'block_count', 'attention.head_count'].map(number)
  const layers = blocks && blocks - (number('nextn_predict_layers') ?? 0)
  /** 0 where the file's number is no number of layers, which is said when the config is parsed. */
  const counted = Number.isInteger(layers) ? Math.max(0, Math.min(Number(layers), layersLimit)) : 0
  const perLayer = (key: string): readonly GgufValue[] => {
    const found = value(key)
    if (Array.isArray(found)) return found.slice(0, counted)
    return found == null ? [] : Array(counted).fill(found)
  }
  const headDim = number('attention.key_length') ?? (hidden && heads ? hidden / heads : undefined)
  const rotated = number('rope.dimension_count')
  const perHead = layers === scaledByHidden[String(architecture)] && hidden && heads ? hidden / heads : headDim
  const asLlama = {
    hidden_size: hidden,
    intermediate_size: number('feed_forward_length'),
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: perLayer('attention.head_count_kv').find((count) => count !== 0) ?? heads,
    head_dim: headDim,
    vocab_size: tensor('token_embd.weight')?.shape[0],
    max_position_embeddings: number('context_length'),
    rms_norm_eps: number('attention.layer_norm_rms_epsilon') ?? number('attention.layer_norm_epsilon'),
    rope_theta: number('rope.freq_base'),
    partial_rotary_factor: rotated && headDim ? rotated / headDim : undefined,
    sliding_window: number('attention.sliding_window'),
    layer_types: layerTypes(value('attention.sliding_window_pattern')),
    attention_multiplier: number('attention.scale'),
    embedding_multiplier: number('embedding_scale'),
    residual_multiplier: number('residual_scale'),
    logits_scaling: number('logit_scale'),
    query_pre_attn_scalar: family === 'gemma2' || family === 'gemma3_text' ? perHead : undefined,
    attn_logit_softcapping: number('attn_logit_softcapping'),
    final_logit_softcapping: number('final_logit_softcapping'),
    attention_bias: biased && !row.biased ? true : undefined,
    mlp_bias: tensor('blk.0.ffn_up.bias') && !row.biased ? true : undefined,
    use_parallel_residual: value('use_parallel_residual'),
    tie_word_embeddings: !tensor('output.weight'),
    bos_token_id: metadata.get('tokenizer.ggml.bos_token_id') ?? undefined,
    ...(await ggufPositions(gguf, files, family)),
  }
  return {
    model_type: family,
    ...Object.fromEntries(Object.entries(asLlama).map(([key, found]) => [row.keys?.[key] ?? key, found])),
    ...familySettings(family, { layers: counted, number, perLayer, tensor }),
  }
}

/**
 * Two families have the name of another: OLMo 3 is an OLMo 2 whose layers have windows, and a Llama with biases of q, k
 * and v alone computes as Qwen 2.
 */
function ownFamily(named: FamilyName, { biased, metadata, tensors }: Gguf & { biased: boolean }): FamilyName {
  if (named === 'olmo2' && metadata.has('olmo2.attention.sliding_window')) return 'olmo3'
  if (named === 'llama' && biased && !tensors.some(({ name }) => name === 'blk.0.attn_output.bias')) return 'qwen2'
  return named
}

/** A list that says of each layer whether it has a window. */
function layerTypes(pattern: GgufValue | undefined): string[] | undefined {
  if (!Array.isArray(pattern)) return undefined
  return pattern.map((slides) => (slides ? 'sliding_attention' : 'full_attention'))
}
