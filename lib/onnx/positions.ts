import type { GraphBuilder } from './graph-builder'

export type Positions = {
  /** Tokens so far in each row, minus one: int32 [n]. */
  lengths: string
  /** Tokens so far: int32 []. */
  total: string
  /** Of the new tokens: float32 [t], or int32 as `indices`. */
  positions: string
  indices: string
}

/** Rows are of one length, so that the new tokens of all are at the same positions. */
export function tokenPositions(g: GraphBuilder, ids: string): Positions {
  const lengths = g.input({ name: 'lengths', type: 'I32', shape: ['n'] })
  const total = g.input({ name: 'total', type: 'I32', shape: [] })
  const one = g.initializer({ name: 'one', type: 'I32', shape: [], raw: new Uint8Array(Int32Array.of(1).buffer) })
  const count = g.add('Squeeze', [g.add('Shape', [ids], { start: 1, end: 2 })])
  const from = g.add('Sub', [total, g.add('Cast', [count], { to: 6 })])
  const indices = g.add('Range', [from, total, one])
  return { lengths, total, indices, positions: g.add('Cast', [indices], { to: 1 }) }
}
