/**
 * Whether JSON text nests deeper than `limit`. Asked before parsing, because 100 MB of “[” make `JSON.parse` take 5 GB.
 * The text may be malformed: what is then said of it does not matter, as it will not parse.
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
