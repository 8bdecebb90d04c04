import type { Rope } from '../weights/rope'
import { frequencies, plainFrequencies, rotaryGain } from './frequencies'
import type { GraphBuilder } from './graph-builder'
import { elementType } from './model-proto'
import type { Positions } from './positions'

/** Cosines and sines of the new tokens, each [t, dim / 2]. */
export type Turns = { cos: string; sin: string; dim: number }

/**
 * Turns of the new tokens. In float64, which no graphics
 * card takes: so onnxruntime leaves it to the processor, where sines of large angles are exact. WGSL's are not.
 */
export function rotaryTurns(
  g: GraphBuilder,
  rope: Rope,
  { indices, total }: Pick<Positions, 'indices' | 'total'>,
): Turns {
  const wide = (x: string) => g.add('Cast', [x], { to: elementType.F64 })
  const angles = g.add('Mul', [g.add('Unsqueeze', [wide(indices), g.ints(1)]), frequenciesNow(g, rope, wide(total))])
  const gain = rotaryGain(rope)
  const scaled = (x: string) => (gain === 1 ? x : g.add('Mul', [x, g.doubles([gain], [])]))
  const [cos, sin] = ['Cos', 'Sin'].map((turn) =>
    g.add('Cast', [scaled(g.add(turn, [angles]))], { to: elementType.F32 }),
  )
  return { cos, sin, dim: rope.dim }
}

/** float64 [1, dim / 2] */
function frequenciesNow(g: GraphBuilder, rope: Rope, total: string): string {
  const { scaling, original, dim } = rope
  const row = (values: number[]) => g.doubles(values, [1, dim / 2])
  const scalar = (value: number) => g.doubles([value], [])
  const plain = plainFrequencies(rope)
  switch (scaling.rope_type) {
    case 'longrope': {
      const [short, long] = [scaling.short_factor, scaling.long_factor].map((by) => row(plain.map((f, i) => f / by[i])))
      return g.add('Where', [g.add('Greater', [total, scalar(original)]), long, short])
    }
    case 'dynamic': {
      /** theta grows with the row: https://arxiv.org/abs/2309.00071, section 3.3. */
      const line = g.add('Sub', [g.add('Mul', [total, scalar(scaling.factor / original)]), scalar(scaling.factor - 1)])
      const exponents = row(plain.map((_, i) => (i === 0 ? 0 : (-2 * i) / (dim - 2))))
      return g.add('Mul', [row(plain), g.add('Pow', [g.add('Max', [line, scalar(1)]), exponents])])
    }
    default:
      return row(frequencies(rope))
  }
}
