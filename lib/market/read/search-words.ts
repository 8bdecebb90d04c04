import 'server-only'

const mostWords = 8
const longestWord = 40
/** Languages that are written without spaces: Han, Kana, Hangul, Thai and their like. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]+/gu

/** The words of a text, in lower case. A name such as “SmolLM2-135M” has two; a run without spaces is one. */
function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  )
}

/** Pairs of neighbouring characters, by which text without spaces is found: 模型市场 → 模型, 型市, 市场. */
function pairsOf(run: string): string[] {
  const characters = [...run]
  return characters.length < 2 ? characters : characters.slice(1).map((next, i) => characters[i] + next)
}

/** A text as Postgres shall index it: its words, and the pairs of its runs without spaces. */
export function searchable(text: string): string {
  const words = wordsOf(text)
  return [...words, ...words.flatMap((word) => word.match(unspaced) ?? []).flatMap(pairsOf)].join(' ')
}

/** What a search asks of Postgres: every word, each by its beginning, or in English by its stem. Null where it has no word. */
export function searchTerms(search: string): { prefixes: string; stems: string } | null {
  const words = wordsOf(search.slice(0, 500)).slice(0, mostWords)
  const terms = words.flatMap((word) => {
    const rest = word.replace(unspaced, ' ').split(' ')
    return [...rest, ...(word.match(unspaced) ?? []).flatMap(pairsOf)].filter(Boolean)
  })
  if (terms.length === 0) return null
  const quoted = terms.slice(0, 2 * mostWords).map((term) => `'${term.slice(0, longestWord)}'`)
  // So many words begin with one Latin letter that Postgres would read most of the index for it.
  const prefixes = quoted.map((term) => (/^'[a-z0-9]'$/.test(term) ? term : `${term}:*`))
  return { prefixes: prefixes.join(' & '), stems: quoted.join(' & ') }
}
