import type { ModelConfig } from '../../weights/config/config'
import type { Rope } from '../../weights/config/rope'
import type { GraphBuilder } from '../graph/graph-builder'
import type { Precision } from '../graph/precision'
import type { Positions } from './positions'
import { ropeTables } from './rope-tables'

/** Cosines and sines of the new tokens, each [t, dim / 2]. */
export type RopeTables = { cos: string; sin: string; dim: number }

/** Tables of layers with full attention and of those with a window; null if positions are learned. */
export type LayerRopeTables = { full: RopeTables; windowed: RopeTables } | null

/** Declares the float32 inputs `full.cos`, `full.sin` and, if they differ, `windowed.cos`, `windowed.sin`. */
export function inputRopeTables(g: GraphBuilder, { ropes }: ModelConfig, precision: Precision): LayerRopeTables {
  if (!ropes) return null
  const fed = (kind: 'full' | 'windowed'): RopeTables => {
    const [cos, sin] = (['cos', 'sin'] as const).map((part) => {
      const input = g.input({ name: `${kind}.${part}`, type: 'F32', shape: ['t', ropes[kind].dim / 2] })
      return precision === 'F32' ? input : g.cast(input, precision)
    })
    return { cos, sin, dim: ropes[kind].dim }
  }
  const full = fed('full')
  return { full, windowed: ropes.windowed === ropes.full ? full : fed('windowed') }
}

/** Tables that the graph computes itself, for exported models, whose only inputs are tokens. */
export function builtInRopeTables(g: GraphBuilder, config: ModelConfig, positions: Positions): LayerRopeTables {
  const { ropes, maxPositions } = config
  if (!ropes) return null
  const full = builtIn(g, ropes.full, maxPositions, positions)
  const windowed = ropes.windowed === ropes.full ? full : builtIn(g, ropes.windowed, maxPositions, positions)
  return { full, windowed }
}

/**
 * LongRoPE has one table for rows within the pretraining length and one for longer rows; dynamic scaling has only the
 * first.
 */
function builtIn(g: GraphBuilder, rope: Rope, maxPositions: number, { indices, total }: Positions): RopeTables {
  const short = table(g, rope, Math.min(maxPositions, rope.original), maxPositions, indices)
  if (rope.scaling.rope_type !== 'longrope' || maxPositions <= rope.original) return short
  const long = table(g, rope, maxPositions, maxPositions, indices)
  const isLong = g.add('Greater', [total, g.int32(rope.original)])
  const chosen = (part: 'cos' | 'sin') => g.add('Where', [isLong, long[part], short[part]])
  return { cos: chosen('cos'), sin: chosen('sin'), dim: rope.dim }
}

/**
 * Rotates by a · step and by b for position a · step + b: two tables of √maxPositions rows instead of one of
 * maxPositions.
 */
function table(g: GraphBuilder, rope: Rope, length: number, maxPositions: number, indices: string): RopeTables {
  const step = Math.ceil(Math.sqrt(maxPositions))
  const numbers = Array.from({ length: step }, (_, i) => i)
  const rows = (values: Float32Array, at: string) =>
    g.add('Gather', [g.floats(values, [step, rope.dim / 2]), at], { axis: 0 })
  const [coarse, fine] = [
    ropeTables(
      rope,
      numbers.map((i) => i * step),
      length,
    ),
    ropeTables(rope, numbers, length, 1),
  ]
  const [a, b] = [g.add('Div', [indices, g.int32(step)]), g.add('Mod', [indices, g.int32(step)])]
  const [cosA, sinA, cosB, sinB] = [rows(coarse.cos, a), rows(coarse.sin, a), rows(fine.cos, b), rows(fine.sin, b)]
  const times = (x: string, y: string) => g.add('Mul', [x, y])
  const cos = g.add('Sub', [times(cosA, cosB), times(sinA, sinB)])
  return { cos, sin: g.add('Add', [times(sinA, cosB), times(cosA, sinB)]), dim: rope.dim }
}
