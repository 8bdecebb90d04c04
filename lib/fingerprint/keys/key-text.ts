import type { TextTokenizer } from '../../weights/text/tokenizer'

/** A key as text. `tokenOf` maps several sampled answers to the candidate that a majority of them gives, or −1. */
export type KeyText = { prompt: string; tokenOf(answers: readonly string[]): number }

/**
 * The prompt of a key as text, with its candidates by the text that each adds. Null where the text would be tokenized
 * differently, or where two candidates cannot be distinguished by their text.
 */
export function keyText(
  { encode, decode }: Pick<TextTokenizer, 'encode' | 'decode'>,
  ids: readonly number[],
  candidates: readonly number[],
): KeyText | null {
  const prompt = decode(ids)
  const encoded = encode(prompt)
  if (encoded.length !== ids.length || encoded.some((id, i) => id !== ids[i])) return null
  const added = candidates.map((id) => decode([...ids, id]).slice(prompt.length))
  if (added.some((text, i) => text === '' || added.some((other, j) => j < i && sameText(text, other)))) return null
  return {
    prompt,
    tokenOf(answers) {
      const tokens = answers.map((text) => candidates[added.findIndex((each) => sameText(each, text))] ?? -1)
      return tokens.find((token) => 2 * tokens.filter((other) => other === token).length > tokens.length) ?? -1
    },
  }
}

/** Equal, or equal without surrounding white space, which some endpoints trim. */
function sameText(a: string, b: string): boolean {
  return a === b || (a.trim() !== '' && a.trim() === b.trim())
}
