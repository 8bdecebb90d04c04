import type { TextTokenizer } from '@/lib/weights/text/tokenizer'

/**
 * What new tokens add to a prompt's text. One token may be a part of a character, so the whole sequence is decoded every
 * time and a character that is not complete yet is left out.
 */
export function continuation(tokenizer: TextTokenizer, prompt: ArrayLike<number>): (added: number[]) => string {
  const promptIds = Array.from(prompt)
  const promptText = tokenizer.decode(promptIds)
  return (added) => {
    const decoded = tokenizer.decode([...promptIds, ...added])
    const text = decoded.startsWith(promptText) ? decoded.slice(promptText.length) : tokenizer.decode(added)
    return text.replace(/\uFFFD+$/, '')
  }
}
