import type { Rope } from '../../weights/config/rope'
import { frequencies, rotaryGain } from './frequencies'

/**
 * Cosines and sines of these positions in a row of `length` tokens, each [positions, dim / 2]. They are computed here,
 * in float64, and not in the graph: WGSL guarantees three digits of a sine, and none for large angles.
 */
export function ropeTables(
  rope: Rope,
  positions: readonly number[],
  length: number,
  gain = rotaryGain(rope),
): { cos: Float32Array; sin: Float32Array } {
  const perPair = frequencies(rope, length)
  const angles = positions.flatMap((position) => perPair.map((f) => position * f))
  const cos = Float32Array.from(angles, (angle) => gain * Math.cos(angle))
  return { cos, sin: Float32Array.from(angles, (angle) => gain * Math.sin(angle)) }
}
