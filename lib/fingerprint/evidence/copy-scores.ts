/** The bits of every copy, one after another, [copies · keys], each +1 or −1. */
export type BitTable = { bits: Int8Array; copies: number; keys: number }

export function bitTable(rows: readonly Int8Array[], keys: number): BitTable {
  const bits = new Int8Array(rows.length * keys)
  for (const [i, row] of rows.entries()) bits.set(row, i * keys)
  return { bits, copies: rows.length, keys }
}

/** Σ bit · g for every copy: bits · g, [copies]. Ten thousand copies of a thousand keys take some ten milliseconds. */
export function copyScores(table: BitTable, g: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(g)
  return Float64Array.from({ length: table.copies }, (_, copy) => scoreOf(table, copy, values))
}

/** The same for one copy. */
export function scoreOf({ bits, keys }: BitTable, copy: number, g: Float64Array): number {
  let sum = 0
  for (let k = 0, at = copy * keys; k < keys; k++, at++) sum += bits[at] * g[k]
  return sum
}
