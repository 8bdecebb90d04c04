/** What stands for Python's `Infinity` in JSON that `looseJson` has read. */
export const unlimited = 'Infinity'

/**
 * JSON as Python writes it: `NaN`, `Infinity` and `-Infinity` become strings of the same letters, so that a setting that
 * is read refuses them by name and one that nobody reads does no harm. Throws as `JSON.parse` does.
 */
export function looseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const quoted = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (token) =>
      token.startsWith('"') ? token : `"${token}"`,
    )
    if (quoted === text) throw error
    return JSON.parse(quoted)
  }
}
