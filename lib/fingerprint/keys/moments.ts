import type { FingerprintRuntime, RunOptions, TokenBatch } from '../../inference/runtime'
import type { Square } from '../linear/square'
import { runInParts } from './run-in-parts'

const rowsAtOnce = 16

/** C_l = E[z zᵀ] over every position of `text`, one [ff, ff] per layer; z is the input of down_proj. */
export async function secondMoments(
  runtime: FingerprintRuntime,
  text: TokenBatch,
  layers: readonly number[],
  options: RunOptions = {},
): Promise<Square[]> {
  const positions = text.rows * text.length
  const sums = await momentSums(runtime, text, layers, options)
  return sums.map((sum) => ({ data: Float64Array.from(sum, (x) => x / positions), size: runtime.shape.ff }))
}

/** Σ z zᵀ over every position, [ff, ff] per layer. */
export async function momentSums(
  runtime: FingerprintRuntime,
  text: TokenBatch,
  layers: readonly number[],
  options: RunOptions = {},
): Promise<Float32Array[]> {
  const sums = layers.map(() => new Float32Array(runtime.shape.ff ** 2))
  const taps = layers.map((layer) => `zs.${layer}` as const)
  for await (const { out } of runInParts(runtime, text, taps, { ...options, rowsAtOnce }))
    for (const [i, tap] of taps.entries()) {
      const { data } = await runtime.matmul(out[tap], out[tap], 'a')
      const sum = sums[i]
      for (let at = 0; at < data.length; at++) sum[at] += data[at]
    }
  return sums
}
