import type { GraphBuilder } from '../graph/graph-builder'
import { elementType } from '../proto/model-proto'

export type Positions = {
  /** Tokens so far in each row, minus one: int32 [n]. */
  lengths: string
  /** Tokens so far: int32 []. */
  total: string
  /** Positions of the new tokens: int32 [t]. */
  indices: string
}

/** The positions of the new tokens. All rows have the same length, so the positions are the same for all rows. */
export function tokenPositions(
  g: GraphBuilder,
  ids: string,
  { lengths, total }: Pick<Positions, 'lengths' | 'total'>,
): Positions {
  const count = g.add('Squeeze', [g.add('Shape', [ids], { start: 1, end: 2 })])
  const from = g.add('Sub', [total, g.add('Cast', [count], { to: elementType.I32 })])
  return { lengths, total, indices: g.add('Range', [from, total, g.int32(1)]) }
}
