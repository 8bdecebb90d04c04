/**
 * The first key that appears twice at the top level of a JSON object's text, or null. `JSON.parse` silently keeps the
 * last value of such a key. The text must be valid JSON.
 */
export function duplicateKey(text: string): string | null {
  const seen = new Set<string>()
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '{' || c === '[') depth++
    else if (c === '}' || c === ']') depth--
    else if (c === '"') {
      const end = endOfString(text, i)
      if (depth === 1 && isKey(text, end)) {
        const key = JSON.parse(text.slice(i, end)) as string
        if (seen.has(key)) return key
        seen.add(key)
      }
      i = end - 1
    }
  }
  return null
}

function endOfString(text: string, start: number): number {
  let i = start + 1
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i + 1
}

function isKey(text: string, end: number): boolean {
  let i = end
  while (text[i] === ' ' || text[i] === '\n' || text[i] === '\r' || text[i] === '\t') i++
  return text[i] === ':'
}
