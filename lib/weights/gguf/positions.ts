import { KinmarkError } from '../../error'
import type { NamedBytes } from '../bytes'
import type { FamilyName } from '../config/families'
import { readTensor } from '../tensor'
import type { Gguf } from './read-gguf'

const factorsLimit = 65_536
/** What llama.cpp's converter divides the frequency of a pair by that must not rotate. */
const still = 1e29

/**
 * The settings of rotary positions in a config.json that say the same as a GGUF file. Factors in tensors take precedence
 * over the metadata, as in llama.cpp.
 */
export async function ggufPositions(
  { path, metadata, tensors }: Gguf,
  files: readonly NamedBytes[],
  family: FamilyName,
): Promise<{ rope_scaling?: object; rope_parameters?: object }> {
  const architecture = metadata.get('general.architecture')
  const setting = (key: string) => metadata.get(`${architecture}.${key}`) ?? undefined
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
  const theta = setting('rope.freq_base')
  if (family === 'gemma4_text')
    return {
      rope_parameters: {
        sliding_attention: { rope_type: 'default', rope_theta: setting('rope.freq_base_swa') ?? 10_000 },
        full_attention: { rope_type: 'proportional', rope_theta: theta, partial_rotary_factor: share(path, slow) },
      },
    }
  const original_max_position_embeddings = setting('rope.scaling.original_context_length')
  if (slow) return { rope_scaling: llama3Scaling(path, slow, Number(theta ?? 10_000)) }
  if (long && short)
    return {
      rope_scaling: {
        ...{ rope_type: 'longrope', long_factor: long, short_factor: short, original_max_position_embeddings },
        attention_factor: setting('rope.scaling.attn_factor'),
      },
    }
  // Files of 2023 have `rope.scale_linear` and no type.
  const factor = setting('rope.scaling.factor') ?? setting('rope.scale_linear')
  const type = setting('rope.scaling.type') ?? (factor ? 'linear' : 'none')
  if (type === 'none') return { rope_scaling: { rope_type: 'default' } }
  const yarn = {
    truncate: family === 'gpt_oss' ? false : undefined,
    beta_fast: setting('rope.scaling.yarn_beta_fast'),
    beta_slow: setting('rope.scaling.yarn_beta_slow'),
    mscale: 1,
    mscale_all_dim: setting('rope.scaling.yarn_log_multiplier') || undefined,
    llama_4_scaling_beta: setting('attention.temperature_scale'),
  }
  return {
    rope_scaling: { rope_type: type, factor, original_max_position_embeddings, ...(type === 'yarn' && yarn) },
  }
}

/** Gemma 4: the share of the pairs that rotates, which are the first ones. */
function share(path: string, factors: readonly number[] | null): number {
  if (!factors) return 1
  const moving = factors.filter((factor) => factor < still).length
  for (const [index, found] of factors.entries())
    if (index < moving ? found !== 1 : found < still)
      throw new KinmarkError('weights.rope-factor-unexpected', {
        ...{ tensor: 'rope_freqs.weight', path, index, found, expected: 1 },
      })
  return moving / factors.length
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
