export type Sampling = {
  /** At 0 the most probable token is always chosen. */
  temperature: number
  /** 32 bits; the same seed draws the same tokens from the same logits. */
  seed: number
  /** Only the most probable tokens are drawn whose probabilities together reach this share; all at 1, the default. */
  topP?: number
}

/** Draws tokens from softmax(logits / temperature). */
export function sampler({ temperature, seed, topP = 1 }: Sampling): (logits: Float32Array) => number {
  const random = mulberry32(seed)
  return (logits) => (temperature === 0 ? mostProbable(logits) : draw(logits, { temperature, topP }, random()))
}

function mostProbable(logits: Float32Array): number {
  let best = 0
  for (let i = 1; i < logits.length; i++) if (logits[i] > logits[best]) best = i
  return best
}

/** The token at which the cumulative probability exceeds `at`, which is in [0, 1). */
function draw(logits: Float32Array, { temperature, topP }: Required<Omit<Sampling, 'seed'>>, at: number): number {
  const top = logits[mostProbable(logits)]
  const all = Float64Array.from(logits, (logit) => Math.exp((logit - top) / temperature))
  const weights = topP < 1 ? nucleus(all, topP) : all
  let left = at * weights.reduce((sum, weight) => sum + weight, 0)
  const found = weights.findIndex((weight) => {
    left -= weight
    return left < 0
  })
  return found < 0 ? mostProbable(logits) : found
}

/** The weights with zeros below the largest ones that together reach this share; equal weights stay together. */
function nucleus(weights: Float64Array, share: number): Float64Array {
  let left = share * weights.reduce((sum, weight) => sum + weight, 0)
  const least = weights.toSorted().findLast((weight) => {
    left -= weight
    return left <= 0
  })
  return weights.map((weight) => (weight < (least ?? 0) ? 0 : weight))
}

/**
 * Tommy Ettinger’s generator with 32 bits of state; numbers are in [0, 1).
 * https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
 */
function mulberry32(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
