/** Bytes `from` (inclusive) to `to` (exclusive). */
export type Range = { from: number; to: number }

/**
 * Parses a `Range` header (RFC 9110 §14) for a file of `size` bytes. `null`: send the whole file, also for a header that
 * is malformed or asks for several ranges. `'unsatisfiable'`: answer 416.
 */
export function parseRange(header: string | null, size: number): Range | null | 'unsatisfiable' {
  const match = header && /^bytes=(\d*)-(\d*)$/.exec(header.trim())
  if (!match || (match[1] === '' && match[2] === '')) return null
  if (match[1] === '') {
    const last = Math.min(Number(match[2]), size)
    return last === 0 ? 'unsatisfiable' : { from: size - last, to: size }
  }
  const from = Number(match[1])
  const to = match[2] === '' ? size : Math.min(Number(match[2]) + 1, size)
  if (match[2] !== '' && Number(match[2]) < from) return null
  return from >= size ? 'unsatisfiable' : { from, to }
}
