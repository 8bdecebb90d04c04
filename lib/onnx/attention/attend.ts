/**
 * Attention over the tokens of each row. q, k and v are [n, t, width]; k and v are null for a layer that attends to
 * another layer's keys; `sinks` [heads] are scores that give nothing. Returns [n, t, heads · headDim].
 */
export type Attend = (layer: number, q: string, k: string | null, v: string | null, sinks?: string | null) => string

export type Attention = {
  /** Rotates queries or keys [n, t, width] to their positions, in layers that have positions. */
  placed(layer: number, part: 'q' | 'k', x: string): string
  /** The output is in the blocks' precision. */
  attend: Attend
}
