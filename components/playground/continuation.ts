import type { TextTokenizer } from '@/lib/weights/text/tokenizer'

/**
 * A decoder of the text that new tokens add to a prompt. A token may hold a part of a character, so the whole sequence is
 * decoded every time and an incomplete last character is left out.
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
