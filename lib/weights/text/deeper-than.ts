/**
 * Whether JSON text nests deeper than `limit`. Check this before parsing: `JSON.parse` needs 5 GB for 100 MB of “[”.
 * For malformed text the result has no meaning; such text does not parse anyway.
 */
export function deeperThan(text: string, limit: number): boolean {
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (quoted) {
      if (c === '\\') i++
      else if (c === '"') quoted = false
    } else if (c === '"') quoted = true
    else if (c === '}' || c === ']') depth--
    else if ((c === '{' || c === '[') && ++depth > limit) return true
  }
  return false
}
