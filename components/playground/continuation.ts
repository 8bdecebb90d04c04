import type { TextTokenizer } from '@/lib/weights/text/tokenizer'

/**
 * What new tokens add to a prompt's text. One token may be a part of a character, so the whole sequence is decoded every
 * time and a character that is not complete yet is left out.
 */
export function continuation(tokenizer: TextTokenizer, prompt: ArrayLike<number>): (added: number[]) => string {
  const before = Array.from(prompt)
  const start = tokenizer.decode(before)
  return (added) => {
    const whole = tokenizer.decode([...before, ...added])
    const text = whole.startsWith(start) ? whole.slice(start.length) : tokenizer.decode(added)
    return text.replace(/\uFFFD+$/, '')
  }
}
