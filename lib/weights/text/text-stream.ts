import type { TextTokenizer } from './tokenizer'

/** The tokens before a new one that its text may depend on, such as the space that some tokenizers put between words. */
const contextTokens = 6

export type TextStream = {
  /** The text that is certain with this token; empty while it holds a part of a character. */
  push(token: number): string
}

/**
 * Decodes new tokens as they come. Only the last few tokens are decoded again, and what was given out stays. A character
 * whose last bytes never came is left out.
 */
export function textStream({ decode }: Pick<TextTokenizer, 'decode'>, prompt: ArrayLike<number>): TextStream {
  let before = Array.from(prompt).slice(-contextTokens)
  let open: number[] = []
  return {
    push(token) {
      open.push(token)
      const known = decode(before)
      const all = decode([...before, ...open])
      const text = all.startsWith(known) ? all.slice(known.length) : decode(open)
      if (text.endsWith('\uFFFD')) return ''
      before = [...before, ...open].slice(-contextTokens)
      open = []
      return text
    },
  }
}

/** The text of one token after another; a part of a character is U+FFFD. */
export function tokenText({ decode }: Pick<TextTokenizer, 'decode'>, previous: number | null, token: number): string {
  if (previous === null) return decode([token])
  const [known, both] = [decode([previous]), decode([previous, token])]
  return both.startsWith(known) ? both.slice(known.length) : decode([token])
}

/** The tokens below `vocab` by their text after another word; without any text that several have, and parts of characters. */
export function tokenTexts(
  { encode, decode }: Omit<TextTokenizer, 'encodePrompt'>,
  vocab: number,
): Map<string, number> {
  const word = Array.from(encode('a'))
  const { length } = decode(word)
  const tokens = new Map<string, number>()
  const several = new Set<string>()
  for (let id = 0; id < vocab; id++) {
    const text = decode([...word, id]).slice(length)
    if (tokens.has(text)) several.add(text)
    else if (text !== '' && !text.includes('\uFFFD')) tokens.set(text, id)
  }
  for (const text of several) tokens.delete(text)
  return tokens
}
