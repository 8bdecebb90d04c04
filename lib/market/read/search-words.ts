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

/** The words of a search, which a model shall all have: those of a text, and the pairs of runs without spaces. */
export function searchWords(search: string): string[] {
  const words = wordsOf(search.slice(0, 500)).slice(0, mostWords)
  const parts = words.flatMap((word) => {
    const rest = word.replace(unspaced, ' ').split(' ')
    return [...rest, ...(word.match(unspaced) ?? []).flatMap(pairsOf)].filter(Boolean)
  })
  return [...new Set(parts.map((part) => part.slice(0, longestWord)))].slice(0, 2 * mostWords)
}
