import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import { type Family, type FamilyName, families } from '../config/families'
import { readTensor } from '../tensor'
import type { Gguf } from './read-gguf'
import type { GgufValue } from './values'

/** `general.architecture` → `model_type`. */
const familyOf: Readonly<Record<string, FamilyName>> = {
  ...{ llama: 'llama', qwen2: 'qwen2', qwen3: 'qwen3', gemma: 'gemma', gemma2: 'gemma2', gemma3: 'gemma3_text' },
  ...{ phi3: 'phi3', olmo2: 'olmo2', gpt2: 'gpt2', gptneox: 'gpt_neox', smollm3: 'smollm3', granite: 'granite' },
  ...{ ernie4_5: 'ernie4_5', exaone4: 'exaone4', 'hunyuan-dense': 'hunyuan_v1_dense' },
}

/** Layer counts of the 27 B models, whose queries are scaled by hidden / heads instead of the head dimension. */
const scaledByHidden: Readonly<Record<string, number>> = { gemma2: 46, gemma3: 62 }

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
  const number = (key: string) => {
    const value = metadata.get(`${architecture}.${key}`)
    return typeof value === 'number' ? value : undefined
  }
  if (number('expert_count')) throw new KinmarkError('weights.mixture-of-experts', { path })
  const [hidden, layers, heads] = ['embedding_length', 'block_count', 'attention.head_count'].map(number)
  const headDim = number('attention.key_length') ?? (hidden && heads ? hidden / heads : undefined)
  const rotated = number('rope.dimension_count')
  const perHead = layers === scaledByHidden[String(architecture)] && hidden && heads ? hidden / heads : headDim
  const asLlama = {
    hidden_size: hidden,
    intermediate_size: number('feed_forward_length'),
    num_hidden_layers: layers,
    num_attention_heads: heads,
    num_key_value_heads: number('attention.head_count_kv') ?? heads,
    head_dim: headDim,
    vocab_size: tensor('token_embd.weight')?.shape[0],
    max_position_embeddings: number('context_length'),
    rms_norm_eps: number('attention.layer_norm_rms_epsilon') ?? number('attention.layer_norm_epsilon'),
    rope_theta: number('rope.freq_base'),
    partial_rotary_factor: rotated && headDim ? rotated / headDim : undefined,
    sliding_window: number('attention.sliding_window'),
    layer_types: layerTypes(metadata.get(`${architecture}.attention.sliding_window_pattern`)),
    attention_multiplier: number('attention.scale'),
    embedding_multiplier: number('embedding_scale'),
    residual_multiplier: number('residual_scale'),
    logits_scaling: number('logit_scale'),
    query_pre_attn_scalar: family.startsWith('gemma') && family !== 'gemma' ? perHead : undefined,
    attn_logit_softcapping: number('attn_logit_softcapping'),
    final_logit_softcapping: number('final_logit_softcapping'),
    attention_bias: biased && !row.biased ? true : undefined,
    mlp_bias: tensor('blk.0.ffn_up.bias') && !row.biased ? true : undefined,
    use_parallel_residual: metadata.get(`${architecture}.use_parallel_residual`),
    tie_word_embeddings: !tensor('output.weight'),
    bos_token_id: metadata.get('tokenizer.ggml.bos_token_id') ?? undefined,
    rope_scaling: await ropeScaling(gguf, files),
  }
  return {
    model_type: family,
    ...Object.fromEntries(Object.entries(asLlama).map(([key, value]) => [row.keys?.[key] ?? key, value])),
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

const factorsLimit = 65_536

/** Factors in tensors take precedence over the metadata, as in llama.cpp. */
async function ropeScaling(
  { path, metadata, tensors }: Gguf,
  files: readonly NamedBytes[],
): Promise<object | undefined> {
  const setting = (key: string) =>
    metadata.get(`${metadata.get('general.architecture')}.rope.scaling.${key}`) ?? undefined
  const table = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const factors = async (name: string) => {
    const tensor = table.get(name)
    if (!tensor) return null
    const { byteLength } = tensor
    if (byteLength > factorsLimit)
      throw new KinmarkError('weights.rope-factors-too-long', { tensor: name, path, byteLength, limit: factorsLimit })
    return Array.from(await readTensor(files, table, name))
  }
  const [slow, long, short] = [
    await factors('rope_freqs.weight'),
    await factors('rope_factors_long.weight'),
    await factors('rope_factors_short.weight'),
  ]
  const original_max_position_embeddings = setting('original_context_length')
  if (slow)
    return llama3Scaling(
      path,
      slow,
      Number(metadata.get(`${metadata.get('general.architecture')}.rope.freq_base`) ?? 10_000),
    )
  if (long && short)
    return {
      ...{ rope_type: 'longrope', long_factor: long, short_factor: short, original_max_position_embeddings },
      attention_factor: setting('attn_factor'),
    }
  // Files of 2023 have `rope.scale_linear` and no type.
  const factor = setting('factor') ?? metadata.get(`${metadata.get('general.architecture')}.rope.scale_linear`)
  const type = setting('type') ?? (factor ? 'linear' : 'none')
  if (type === 'none') return undefined
  return { rope_type: type, factor, original_max_position_embeddings }
}

/**
 * Llama 3.1 and later: the file has the factors that follow from four numbers of config.json. Three of them are the
 * same in every release; the fourth is the largest factor.
 */
function llama3Scaling(path: string, factors: readonly number[], theta: number): object {
  const scaling = {
    ...{ rope_type: 'llama3', factor: Math.max(...factors), low_freq_factor: 1, high_freq_factor: 4 },
    original_max_position_embeddings: 8192,
  }
  for (const [i, found] of factors.entries()) {
    const rotations = 8192 / (2 * Math.PI * theta ** (i / factors.length))
    const smooth = Math.min(1, Math.max(0, (rotations - 1) / 3))
    const expected = 1 / ((1 - smooth) / scaling.factor + smooth)
    if (!(Math.abs(found / expected - 1) < 1e-3))
      throw new KinmarkError('weights.rope-factor-unexpected', {
        tensor: 'rope_freqs.weight',
        path,
        index: i,
        found,
        expected,
      })
  }
  return scaling
}
