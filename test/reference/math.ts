/** Operations of the reference implementations, as simple loops in float64. Vectors are number[]. */

/** A weight in row-major order, as in a file; `shape` has one or two dimensions. */
export type Weight = { shape: readonly number[]; data: ArrayLike<number> }
export type Weights = (name: string) => Weight

export type Forward = (config: Settings, weights: Weights, ids: readonly number[]) => Trace
/** The contents of a config.json. */
// biome-ignore lint/suspicious/noExplicitAny: settings of every family
export type Settings = Record<string, any>

/** Outputs at every position: logits, the residual after the last layer, and per layer the input of down_proj. */
export type Trace = { logits: number[][]; residuals: number[][]; zs: number[][][] }

export const range = (count: number) => Array.from({ length: count }, (_, i) => i)
export const add = (a: number[], b: number[]) => a.map((x, i) => x + b[i])
export const vector = ({ data }: Weight) => Array.from(data)

export function rowOf({ shape, data }: Weight, index: number): number[] {
  return range(shape[1]).map((j) => data[index * shape[1] + j])
}

/** W x + b, with W [out, in]. */
export function linear({ shape: [out, size], data }: Weight, x: number[], bias?: Weight): number[] {
  return range(out).map((i) => {
    let sum = bias ? bias.data[i] : 0
    for (let j = 0; j < size; j++) sum += data[i * size + j] * x[j]
    return sum
  })
}

/** Root mean square layer normalization. https://arxiv.org/abs/1910.07467 */
export function rmsNorm(x: number[], gain: number[], epsilon: number): number[] {
  const scale = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length + epsilon)
  return x.map((value, i) => (value / scale) * gain[i])
}

/** https://arxiv.org/abs/1607.06450 */
export function layerNorm(x: number[], gain: Weight, shift: Weight, epsilon: number): number[] {
  const mean = x.reduce((a, b) => a + b, 0) / x.length
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length
  return x.map((value, i) => ((value - mean) / Math.sqrt(variance + epsilon)) * gain.data[i] + shift.data[i])
}

export const silu = (x: number) => x / (1 + Math.exp(-x))

/** The tanh approximation of https://arxiv.org/abs/1606.08415 */
export const geluTanh = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))

export const gelu = (x: number) => 0.5 * x * (1 + erf(x / Math.SQRT2))

/** The error function: its Maclaurin series up to 4, ± 1 beyond. */
function erf(x: number): number {
  if (Math.abs(x) > 4) return Math.sign(x)
  let [term, sum] = [x, x]
  for (let n = 1; n < 100; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

export const softCapped = (x: number, cap: number | null | undefined) => (cap ? cap * Math.tanh(x / cap) : x)

/** Rotates the first 2 · frequencies.length dimensions: pair (i, i + half) by position · frequency i. */
export function rotate(x: number[], position: number, frequencies: number[], gain = 1): number[] {
  const half = frequencies.length
  const out = [...x]
  for (let i = 0; i < half; i++) {
    const cos = gain * Math.cos(position * frequencies[i])
    const sin = gain * Math.sin(position * frequencies[i])
    out[i] = x[i] * cos - x[i + half] * sin
    out[i + half] = x[i + half] * cos + x[i] * sin
  }
  return out
}

/** Rotates pairs of neighbouring dimensions: (2 i, 2 i + 1) by position · frequency i. */
export function rotateNeighbours(x: number[], position: number, frequencies: number[]): number[] {
  const out = [...x]
  for (const [i, frequency] of frequencies.entries()) {
    const [cos, sin] = [Math.cos(position * frequency), Math.sin(position * frequency)]
    out[2 * i] = x[2 * i] * cos - x[2 * i + 1] * sin
    out[2 * i + 1] = x[2 * i + 1] * cos + x[2 * i] * sin
  }
  return out
}

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
export const softplus = (x: number) => Math.log1p(Math.exp(x))

/**
 * Each channel's own causal convolution over the positions of xs, [position][channel]; the weight is [channel, 1, width].
 */
export function causalConv(xs: number[][], { shape: [, , width], data }: Weight, bias?: Weight): number[][] {
  return xs.map((x, position) =>
    x.map((_, channel) => {
      let sum = bias ? bias.data[channel] : 0
      for (let j = 0; j < width; j++) {
        const from = position - (width - 1) + j
        if (from >= 0) sum += data[channel * width + j] * xs[from][channel]
      }
      return sum
    }),
  )
}

export const headsOf = (x: number[], size: number) =>
  range(x.length / size).map((head) => x.slice(head * size, (head + 1) * size))

type AttentionSettings = { scale: number; window?: number | null; cap?: number | null; sinks?: number[] }

/** Causal softmax attention. q, k and v are [position][head][dimension]; k and v may have fewer heads. */
export function attend(q: number[][][], k: number[][][], v: number[][][], settings: AttentionSettings): number[][] {
  const { scale, window, cap, sinks } = settings
  const group = q[0].length / k[0].length
  return q.map((heads, i) =>
    heads.flatMap((query, head) => {
      const shared = Math.floor(head / group)
      const visible = range(i + 1).filter((j) => !window || i - j < window)
      const scores = visible.map((j) => {
        const dot = query.reduce((sum, x, d) => sum + x * k[j][shared][d], 0)
        return softCapped(dot * scale, cap)
      })
      const sink = sinks ? [sinks[head]] : []
      const max = Math.max(...scores, ...sink)
      const weights = [...scores, ...sink].map((score) => Math.exp(score - max))
      const total = weights.reduce((a, b) => a + b, 0)
      return query.map((_, d) => visible.reduce((sum, j, s) => sum + (weights[s] / total) * v[j][shared][d], 0))
    }),
  )
}
