import { range, type Settings } from './math'

export type RotaryFrequencies = { frequencies: number[]; gain: number }

/**
 * Rotary frequencies with Hugging Face's rope_scaling, for a row of `length` tokens.
 * https://huggingface.co/docs/transformers/main/en/internal/rope_utils
 */
export function rotaryFrequencies(config: Settings, headDim: number, length: number): RotaryFrequencies {
  const scaling = config.rope_scaling ?? config.rope_parameters ?? {}
  const share = scaling.partial_rotary_factor ?? config.partial_rotary_factor ?? 1
  const dim = scaling.rope_type === 'proportional' ? headDim : headDim * share
  const theta: number = scaling.rope_theta ?? config.rope_theta ?? 10_000
  const at = (base: number) => range(dim / 2).map((i) => 1 / base ** ((2 * i) / dim))
  switch (scaling.rope_type ?? scaling.type) {
    /** Position interpolation: https://arxiv.org/abs/2306.15595 */
    case 'linear':
      return { frequencies: at(theta).map((f) => f / scaling.factor), gain: 1 }
    /** https://github.com/huggingface/transformers/pull/24653 */
    case 'dynamic': {
      /** https://github.com/huggingface/transformers/blob/main/src/transformers/models/hunyuan_v1_dense/modeling_hunyuan_v1_dense.py */
      if (scaling.alpha) return { frequencies: at(theta * scaling.alpha ** (dim / (dim - 2))), gain: 1 }
      const trained = config.max_position_embeddings
      const tokens = Math.max(length, trained)
      const growth = (scaling.factor * tokens) / trained - (scaling.factor - 1)
      return { frequencies: at(theta * growth ** (dim / (dim - 2))), gain: 1 }
    }
    /** The Llama 3 Herd of Models, as in https://github.com/meta-llama/llama-models (apply_scaling). */
    case 'llama3': {
      const { factor, low_freq_factor, high_freq_factor, original_max_position_embeddings: old } = scaling
      const scaled = at(theta).map((f) => {
        const wavelength = (2 * Math.PI) / f
        if (wavelength < old / high_freq_factor) return f
        if (wavelength > old / low_freq_factor) return f / factor
        const smooth = (old / wavelength - low_freq_factor) / (high_freq_factor - low_freq_factor)
        return ((1 - smooth) * f) / factor + smooth * f
      })
      return { frequencies: scaled, gain: 1 }
    }
    /** https://arxiv.org/abs/2309.00071, equations 17 to 23 */
    case 'yarn': {
      const { factor, original_max_position_embeddings: old, beta_fast: beta = 32, beta_slow: alpha = 1 } = scaling
      const dimensionOf = (rotations: number) =>
        (dim * Math.log(old / (2 * Math.PI * rotations))) / (2 * Math.log(theta))
      const whole = scaling.truncate ?? true
      const low = Math.max(0, whole ? Math.floor(dimensionOf(beta)) : dimensionOf(beta))
      const high = Math.min(dim - 1, whole ? Math.ceil(dimensionOf(alpha)) : dimensionOf(alpha))
      const frequencies = at(theta).map((f, i) => {
        const ramp = Math.min(1, Math.max(0, (i - low) / (high - low)))
        return (f / factor) * ramp + f * (1 - ramp)
      })
      const { mscale, mscale_all_dim: all } = scaling
      const sharp = (scale: number) => 0.1 * scale * Math.log(factor) + 1
      return { frequencies, gain: mscale && all ? sharp(mscale) / sharp(all) : sharp(1) }
    }
    /** https://arxiv.org/abs/2402.13753; the gain is Phi-3's. */
    case 'longrope':
    case 'su': {
      const old = config.original_max_position_embeddings
      const by: number[] = length > old ? scaling.long_factor : scaling.short_factor
      const gain = Math.sqrt(1 + Math.log(config.max_position_embeddings / old) / Math.log(old))
      return { frequencies: at(theta).map((f, i) => f / by[i]), gain }
    }
    /** Gemma 4: only the first share of the pairs rotates, at the pace of a whole head. */
    case 'proportional':
      return { frequencies: at(theta).map((f, i) => (i < Math.floor((share * headDim) / 2) ? f : 0)), gain: 1 }
    default:
      return { frequencies: at(theta), gain: 1 }
  }
}
