import type { Rope } from '../../weights/config/rope'

/** Radians per position of each pair of dimensions, for a row of `length` tokens. https://arxiv.org/abs/2104.09864 */
export function frequencies(rope: Rope, length: number): number[] {
  const { theta, dim, original, scaling } = rope
  const plain = Array.from({ length: dim / 2 }, (_, i) => theta ** ((-2 * i) / dim))
  switch (scaling.rope_type) {
    case 'default':
      return plain
    case 'linear':
      return plain.map((f) => f / scaling.factor)
    case 'dynamic': {
      /** theta grows with the row: https://arxiv.org/abs/2309.00071, section 3.3. */
      const growth = Math.max(1, (scaling.factor * length) / original - (scaling.factor - 1))
      return plain.map((f, i) => (i === 0 ? f : f * growth ** ((-2 * i) / (dim - 2))))
    }
    case 'llama3':
      return plain.map((f) => llama3(f, original, scaling))
    case 'yarn':
      return yarn(rope, plain, scaling)
    case 'longrope': {
      const by = length > original ? scaling.long_factor : scaling.short_factor
      return plain.map((f, i) => f / by[i])
    }
  }
}

type Scaling<T> = Extract<Rope['scaling'], { rope_type: T }>

/** Long waves are stretched, short ones kept, those between blended. https://github.com/meta-llama/llama-models */
function llama3(f: number, original: number, scaling: Scaling<'llama3'>): number {
  const { factor, low_freq_factor: low, high_freq_factor: high } = scaling
  const turns = (original * f) / (2 * Math.PI)
  if (turns < low) return f / factor
  if (turns > high) return f
  const kept = (turns - low) / (high - low)
  return ((1 - kept) * f) / factor + kept * f
}

/** YaRN: pairs that turn often over the pretraining's positions are kept, rare ones stretched. https://arxiv.org/abs/2309.00071 */
function yarn({ theta, dim, original }: Rope, plain: number[], scaling: Scaling<'yarn'>): number[] {
  const { factor, beta_fast, beta_slow, truncate } = scaling
  const pairTurning = (turns: number) => (dim * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(theta))
  const [fast, slow] = [pairTurning(beta_fast ?? 32), pairTurning(beta_slow ?? 1)]
  const low = Math.max(truncate === false ? fast : Math.floor(fast), 0)
  const high = Math.min(truncate === false ? slow : Math.ceil(slow), dim - 1)
  return plain.map((f, i) => {
    const stretched = Math.min(1, Math.max(0, (i - low) / (high === low ? 0.001 : high - low)))
    return (stretched * f) / factor + (1 - stretched) * f
  })
}

/** What cosines and sines are multiplied by, so that attention over more positions stays as sharp. */
export function rotaryGain({ original, stretch, scaling }: Rope): number {
  if (scaling.rope_type !== 'yarn' && scaling.rope_type !== 'longrope') return 1
  if (scaling.attention_factor) return scaling.attention_factor
  if (scaling.rope_type === 'longrope') {
    const factor = stretch > 1 ? stretch : (scaling.factor ?? 1)
    return factor > 1 ? Math.sqrt(1 + Math.log(factor) / Math.log(original)) : 1
  }
  const { factor, mscale, mscale_all_dim } = scaling
  const sharpness = (scale: number) => (factor > 1 ? 0.1 * scale * Math.log(factor) + 1 : 1)
  return mscale && mscale_all_dim ? sharpness(mscale) / sharpness(mscale_all_dim) : sharpness(1)
}
