/** The bits of every copy, one after another, [copies · keys], each +1 or −1. */
export type BitTable = { bits: Int8Array; copies: number; keys: number }

export function bitTable(rows: readonly Int8Array[], keys: number): BitTable {
  const bits = new Int8Array(rows.length * keys)
  for (const [i, row] of rows.entries()) bits.set(row, i * keys)
  return { bits, copies: rows.length, keys }
}

/** Σ bit · g for every copy: bits · g, [copies]. Ten thousand copies of a thousand keys take some ten milliseconds. */
export function copyScores({ bits, copies, keys }: BitTable, g: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(g)
  const scores = new Float64Array(copies)
  for (let copy = 0, at = 0; copy < copies; copy++) {
    let sum = 0
    for (let k = 0; k < keys; k++, at++) sum += bits[at] * values[k]
    scores[copy] = sum
  }
  return scores
}
