import type { TextTokenizer } from '../../weights/text/tokenizer'
import type { ChatFrame } from './chat-frame'

/** A key as text: its prompt, a user's message where it is asked in a chat, and what each of its two answers adds. */
export type KeyText = { prompt: string; answers: [string, string]; chat: boolean }

/**
 * The text of a key whose first `lead` tokens are the special ones that begin every prompt, or which is a message in a
 * chat. Null where the text would be tokenized differently, or where its answers cannot be distinguished by their text.
 */
export function keyText(
  { encodePrompt, decode }: TextTokenizer,
  ids: ArrayLike<number>,
  [first, second]: readonly [number, number],
  frame: Pick<ChatFrame, 'encode' | 'before' | 'after'> | { lead: number } = { lead: 0 },
): KeyText | null {
  const chat = 'encode' in frame
  const own = Array.from(ids).slice(chat ? frame.before.length : frame.lead, chat ? -frame.after.length : undefined)
  const prompt = decode(own)
  const encoded = chat ? frame.encode(prompt) : encodePrompt(prompt)
  if (encoded.length !== ids.length || encoded.some((id, i) => id !== ids[i])) return null
  const before = chat ? frame.after : own
  const added = ([first, second] as const).map((id) => decode([...before, id]).slice(decode(before).length))
  const [one, other] = added
  return one === '' || other === '' || sameText(one, other) ? null : { prompt, answers: [one, other], chat }
}

/** +1 where the text is the first of the two answers, −1 where it is the second, 0 where it is neither. */
export function voteOfText({ answers }: KeyText, text: string): number {
  return sameText(answers[0], text) ? 1 : sameText(answers[1], text) ? -1 : 0
}

/** Equal, or equal without surrounding white space, which some endpoints trim. */
function sameText(a: string, b: string): boolean {
  return a === b || (a.trim() !== '' && a.trim() === b.trim())
}
