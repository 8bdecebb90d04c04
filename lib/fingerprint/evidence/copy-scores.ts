/** The bits of every copy, one after another, [copies · keys], each +1 or −1. */
export type BitTable = { bits: Int8Array; copies: number; keys: number }

export function bitTable(rows: readonly Int8Array[], keys: number): BitTable {
  const bits = new Int8Array(rows.length * keys)
  for (const [i, row] of rows.entries()) bits.set(row, i * keys)
  return { bits, copies: rows.length, keys }
}

const packs = new WeakMap<BitTable, Uint8Array>()

/** Every copy's bits, eight keys in a byte, [copies, ⌈keys / 8⌉]. */
function packed(table: BitTable): Uint8Array {
  const found = packs.get(table)
  if (found) return found
  const { bits, copies, keys } = table
  const bytes = Math.ceil(keys / 8)
  const pack = new Uint8Array(copies * bytes)
  for (let copy = 0, at = 0; copy < copies; copy++)
    for (let k = 0; k < keys; k++, at++) if (bits[at] > 0) pack[copy * bytes + (k >> 3)] |= 1 << (k & 7)
  packs.set(table, pack)
  return pack
}

/**
 * Σ bit · g for every copy: bits · g, [copies]. Eight keys have 256 patterns of bits, whose sums are made once, so that a copy
 * of N keys takes N / 8 additions.
 */
export function copyScores(table: BitTable, g: ArrayLike<number>): Float64Array {
  const { copies, keys } = table
  const bytes = Math.ceil(keys / 8)
  const sums = new Float64Array(256 * bytes)
  for (let byte = 0; byte < bytes; byte++)
    for (let pattern = 0; pattern < 256; pattern++) {
      let sum = 0
      for (let bit = 0; bit < 8; bit++) {
        const value = g[8 * byte + bit] ?? 0
        sum += (pattern >> bit) & 1 ? value : -value
      }
      sums[256 * byte + pattern] = sum
    }
  const pack = packed(table)
  const scores = new Float64Array(copies)
  for (let copy = 0, at = 0; copy < copies; copy++) {
    let sum = 0
    for (let from = 0; from < sums.length; from += 256) sum += sums[from + pack[at++]]
    scores[copy] = sum
  }
  return scores
}

/** The same for one copy. */
export function scoreOf({ bits, keys }: BitTable, copy: number, g: Float64Array): number {
  let sum = 0
  for (let k = 0, at = copy * keys; k < keys; k++, at++) sum += bits[at] * g[k]
  return sum
}
