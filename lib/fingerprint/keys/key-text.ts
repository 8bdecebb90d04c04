import type { TextTokenizer } from '../../weights/text/tokenizer'

/** A key as text: its prompt, and what each of its two answers adds. */
export type KeyText = { prompt: string; answers: [string, string] }

/**
 * The text of a key whose first `lead` tokens are the special ones that begin every prompt. Null where the text would be tokenized differently, or where its answers cannot be distinguished by
 * their text.
 */
export function keyText(
  { encodePrompt, decode }: TextTokenizer,
  ids: ArrayLike<number>,
  [first, second]: readonly [number, number],
  lead = 0,
): KeyText | null {
  const own = Array.from(ids).slice(lead)
  const prompt = decode(own)
  const encoded = encodePrompt(prompt)
  if (encoded.length !== ids.length || encoded.some((id, i) => id !== ids[i])) return null
  const added = ([first, second] as const).map((id) => decode([...own, id]).slice(prompt.length))
  const [one, other] = added
  return one === '' || other === '' || sameText(one, other) ? null : { prompt, answers: [one, other] }
}

/** +1 where the text is the first of the two answers, −1 where it is the second, 0 where it is neither. */
export function voteOfText({ answers }: KeyText, text: string): number {
  return sameText(answers[0], text) ? 1 : sameText(answers[1], text) ? -1 : 0
}

/** Equal, or equal without surrounding white space, which some endpoints trim. */
function sameText(a: string, b: string): boolean {
  return a === b || (a.trim() !== '' && a.trim() === b.trim())
}
