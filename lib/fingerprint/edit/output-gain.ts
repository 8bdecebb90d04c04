import type { FingerprintRuntime } from '../../inference/runtime'
import { rms } from '../head/head'

/** Edits are divided by gains; smaller ones than this part of their root mean square count as this, with their sign. */
const leastGain = 0.1

/**
 * By what an edit of a layer's down_proj is multiplied on its way into the residual, [d], besides what is part of the tap
 * `z`: the gain of a norm that follows. Null where none does. What the edit does to the norm's divisor is left out: of a
 * move in d directions only one changes it.
 */
export async function outputGain(runtime: FingerprintRuntime, layer: number): Promise<Float32Array | null> {
  const gain = await runtime.outputGain(layer)
  if (gain === null) return null
  const least = leastGain * rms(gain, 0)
  return gain.map((x) => (Math.abs(x) < least ? (x < 0 ? -least : least) : x))
}
