import type { Rope } from '../weights/rope'
import { frequencies, plainFrequencies, rotaryGain } from './frequencies'
import type { GraphBuilder } from './graph-builder'

/** Cosines and sines of the new tokens, each [t, dim / 2]. */
export type Turns = { cos: string; sin: string; dim: number }

/** `positions`: float32 [t]; `total`: tokens so far, int32 []. */
export function rotaryTurns(g: GraphBuilder, rope: Rope, positions: string, total: string): Turns {
  const angles = g.add('Mul', [g.add('Unsqueeze', [positions, g.ints(1)]), frequenciesNow(g, rope, total)])
  const gain = rotaryGain(rope)
  const scaled = (x: string) => (gain === 1 ? x : g.add('Mul', [x, g.floats([gain], [])]))
  return { cos: scaled(g.add('Cos', [angles])), sin: scaled(g.add('Sin', [angles])), dim: rope.dim }
}

/** [1, dim / 2] */
function frequenciesNow(g: GraphBuilder, rope: Rope, total: string): string {
  const { scaling, original, dim } = rope
  const row = (values: number[]) => g.floats(values, [1, dim / 2])
  const plain = plainFrequencies(rope)
  const length = () => g.add('Cast', [total], { to: 1 })
  switch (scaling.rope_type) {
    case 'longrope': {
      const [short, long] = [scaling.short_factor, scaling.long_factor].map((by) => row(plain.map((f, i) => f / by[i])))
      return g.add('Where', [g.add('Greater', [length(), g.floats([original], [])]), long, short])
    }
    case 'dynamic': {
      /** theta grows with the row: https://arxiv.org/abs/2309.00071, section 3.3. */
      const slope = g.floats([scaling.factor / original], [])
      const line = g.add('Sub', [g.add('Mul', [length(), slope]), g.floats([scaling.factor - 1], [])])
      const growth = g.add('Max', [line, g.floats([1], [])])
      const exponents = row(plain.map((_, i) => (i === 0 ? 0 : (-2 * i) / (dim - 2))))
      return g.add('Mul', [row(plain), g.add('Pow', [growth, exponents])])
    }
    default:
      return row(frequencies(rope))
  }
}
