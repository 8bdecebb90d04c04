import { textStream, tokenTexts } from './text-stream'
import type { TextTokenizer } from './tokenizer'

/** A token as an endpoint wrote it, its log probability, nats, and those of the likeliest tokens there, as far as they are shown. */
export type ShownToken = {
  token: string
  logprob: number | null
  top: readonly (readonly [token: string, logprob: number])[]
}

type Logprobs = (readonly [token: number, logprob: number])[]

/** Characters that may lie between two tokens that are found in a text: those of a character in parts, or cut off white space. */
const mostBetween = 8

/** Log probabilities by token for each of the tokens `ids` that follow the tokens `before`. */
export type AlignLogprobs = (
  text: { before: ArrayLike<number>; ids: ArrayLike<number> },
  shown: readonly ShownToken[],
) => Logprobs[]

/**
 * Finds for each token the log probabilities of the shown token that begins and ends where it does. Empty where there is
 * none; without other tokens whose text is that of several tokens or of none.
 */
export function logprobAligner(tokenizer: TextTokenizer, vocab: number): AlignLogprobs {
  let texts: Map<string, number> | undefined
  const tokenOf = (text: string) => {
    texts ??= tokenTexts(tokenizer, vocab)
    return texts.get(text)
  }
  return ({ before, ids }, shown) => {
    const { push } = textStream(tokenizer, before)
    const pieces = Array.from(ids, push)
    const found = placesOf(
      shown.map(({ token }) => token),
      pieces.join(''),
    )
    let end = 0
    return pieces.map((piece, i) => {
      const start = end
      end += piece.length
      const here = found.get(start)
      if (here === undefined || shown[here].token !== piece) return []
      const { logprob: own, top } = shown[here]
      const byToken = new Map<number, number>()
      if (own !== null) byToken.set(ids[i], own)
      for (const [text, logprob] of top) {
        const token = text === piece ? ids[i] : tokenOf(text)
        if (token !== undefined && !byToken.has(token)) byToken.set(token, logprob)
      }
      return [...byToken]
    })
  }
}

/** Where tokens are found in a text, by their place: those at the end of what they spell where that is the text, or all. */
function placesOf(tokens: readonly string[], text: string): Map<number, number> {
  const places = new Map<number, number>()
  // What precedes the text, such as a chain of thought, is left out.
  const start = Math.max(0, tokens.join('').lastIndexOf(text))
  let [spelled, at] = [0, 0]
  for (const [i, token] of tokens.entries()) {
    spelled += token.length
    if (token === '' || spelled <= start) continue
    const between = text.slice(at, at + mostBetween + token.length).indexOf(token)
    if (between < 0) continue
    places.set(at + between, i)
    at += between + token.length
  }
  return places
}
