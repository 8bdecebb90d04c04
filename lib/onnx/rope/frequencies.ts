import type { Rope } from '../../weights/config/rope'

/** Radians per position of each pair of dimensions, for a row of `length` tokens. https://arxiv.org/abs/2104.09864 */
export function frequencies(rope: Rope, length: number): number[] {
  const { theta, dim, moving = dim, original, scaling } = rope
  const unscaled = Array.from({ length: dim / 2 }, (_, i) => (i < moving ? theta ** ((-2 * i) / dim) : 0))
  switch (scaling.rope_type) {
    case 'default':
      return unscaled
    case 'linear':
    case 'proportional':
      return unscaled.map((f) => f / (scaling.factor ?? 1))
    case 'dynamic': {
      /** theta grows with the length of the row: https://arxiv.org/abs/2309.00071, section 3.3. */
      const growth = Math.max(1, (scaling.factor * length) / original - (scaling.factor - 1))
      return unscaled.map((f, i) => (i === 0 ? f : f * growth ** ((-2 * i) / (dim - 2))))
    }
    case 'llama3':
      return unscaled.map((f) => llama3(f, original, scaling))
    case 'yarn':
      return yarn(rope, unscaled, scaling)
    case 'longrope': {
      const factors = length > original ? scaling.long_factor : scaling.short_factor
      return unscaled.map((f, i) => f / factors[i])
    }
  }
}

type Scaling<T> = Extract<Rope['scaling'], { rope_type: T }>

/**
 * Divides low frequencies by the factor, keeps high ones and blends those between.
 * https://github.com/meta-llama/llama-models
 */
function llama3(f: number, original: number, scaling: Scaling<'llama3'>): number {
  const { factor, low_freq_factor: low, high_freq_factor: high } = scaling
  const rotations = (original * f) / (2 * Math.PI)
  if (rotations < low) return f / factor
  if (rotations > high) return f
  const share = (rotations - low) / (high - low)
  return ((1 - share) * f) / factor + share * f
}

/**
 * YaRN: keeps pairs with many rotations over the pretraining's positions, divides those with few by the factor.
 * https://arxiv.org/abs/2309.00071
 */
function yarn({ theta, dim, original }: Rope, unscaled: number[], scaling: Scaling<'yarn'>): number[] {
  const { factor, beta_fast, beta_slow, truncate } = scaling
  const pairWith = (rotations: number) => (dim * Math.log(original / (rotations * 2 * Math.PI))) / (2 * Math.log(theta))
  const [fast, slow] = [pairWith(beta_fast ?? 32), pairWith(beta_slow ?? 1)]
  const low = Math.max(truncate === false ? fast : Math.floor(fast), 0)
  const high = Math.min(truncate === false ? slow : Math.ceil(slow), dim - 1)
  return unscaled.map((f, i) => {
    const weight = Math.min(1, Math.max(0, (i - low) / (high === low ? 0.001 : high - low)))
    return (weight * f) / factor + (1 - weight) * f
  })
}

/** The factor of cosines and sines that keeps attention as sharp over more positions. */
export function rotaryGain({ original, extension, scaling }: Rope): number {
  if (scaling.rope_type !== 'yarn' && scaling.rope_type !== 'longrope') return 1
  if (scaling.attention_factor) return scaling.attention_factor
  if (scaling.rope_type === 'longrope') {
    const factor = extension > 1 ? extension : (scaling.factor ?? 1)
    return factor > 1 ? Math.sqrt(1 + Math.log(factor) / Math.log(original)) : 1
  }
  const { factor, mscale, mscale_all_dim } = scaling
  const sharpness = (scale: number) => (factor > 1 ? 0.1 * scale * Math.log(factor) + 1 : 1)
  return mscale && mscale_all_dim ? sharpness(mscale) / sharpness(mscale_all_dim) : sharpness(1)
}
