import type { FingerprintRuntime, RunOptions, TokenBatch } from '../../inference/runtime'
import { type Square, square } from '../linear/square'
import { runInParts } from './run-in-parts'

const rowsAtOnce = 16

/** C_l = E[z zᵀ] over every position of `text`, one [ff, ff] per layer; z is the input of down_proj. */
export async function secondMoments(
  runtime: FingerprintRuntime,
  text: TokenBatch,
  layers: readonly number[],
  options: RunOptions = {},
): Promise<Square[]> {
  const moments = layers.map(() => square(runtime.shape.ff))
  const taps = layers.map((layer) => `zs.${layer}` as const)
  const positions = text.rows * text.length
  for await (const { out } of runInParts(runtime, text, taps, { ...options, rowsAtOnce }))
    for (const [i, tap] of taps.entries()) {
      const gram = await runtime.matmul(out[tap], out[tap], 'a')
      for (let at = 0; at < gram.data.length; at++) moments[i].data[at] += gram.data[at] / positions
    }
  return moments
}
