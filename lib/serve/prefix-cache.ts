import { bytesOf, canCut, cutRow, type Row } from '../inference/row'
import type { ModelConfig } from '../weights/config/config'

/**
 * Prompts are computed in pieces of this many tokens, counted from their beginning, and rows are kept whole pieces long.
 * A prompt is therefore computed by the same steps, to the same bits, whether its beginning was kept or not.
 */
export const pieceTokens = 64

export type PrefixCache = {
  /** The longest kept beginning of a prompt, whole pieces long and shorter than the prompt; null if there is none. */
  find(prompt: Int32Array): Row | null
  /** Keeps a row that is whole pieces long. */
  keep(row: Row): void
}

/** Keeps the keys and values of recent prompts, up to `maxBytes`, so that the next turn of a conversation starts there. */
export function prefixCache(config: ModelConfig, maxBytes: number): PrefixCache {
  let rows: Row[] = []
  return {
    find(prompt) {
      const longest = Math.floor((prompt.length - 1) / pieceTokens) * pieceTokens
      const usable = rows
        .map((row) => ({ row, length: Math.min(longest, wholePieces(row.ids, prompt)) }))
        .sort((a, b) => b.length - a.length)
      for (const { row, length } of usable) {
        if (length === 0) return null
        const found = cutRow(row, length, config)
        if (!found) continue
        rows = [row, ...rows.filter((each) => each !== row)]
        return found
      }
      return null
    },
    keep(row) {
      const others = rows.filter(({ ids }) => ids.length > row.ids.length || !startsWith(row.ids, ids))
      if (canCut(config) && others.some(({ ids }) => startsWith(ids, row.ids))) return
      let left = maxBytes
      rows = [row, ...others].filter((each) => {
        left -= bytesOf(each)
        return left >= 0
      })
    },
  }
}

function startsWith(ids: Int32Array, beginning: Int32Array): boolean {
  return commonLength(ids, beginning) === beginning.length
}

function wholePieces(a: Int32Array, b: Int32Array): number {
  return Math.floor(commonLength(a, b) / pieceTokens) * pieceTokens
}

function commonLength(a: Int32Array, b: Int32Array): number {
  const end = Math.min(a.length, b.length)
  for (let i = 0; i < end; i++) if (a[i] !== b[i]) return i
  return end
}
