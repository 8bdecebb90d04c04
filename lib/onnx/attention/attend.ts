/**
 * Attention of one layer over the tokens of each row. q, k and v are [n, t, width]; returns [n, t, heads · headDim], in
 * the blocks' precision.
 */
export type Attend = (layer: number, q: string, k: string, v: string) => string
