import 'server-only'
import type { Answer } from '../../payer/ask'

export type Speed = { firstMs: number | null; tokens: number | null; tokensPerSecond: number | null }

/**
 * How fast an answer of at most `most` tokens came: milliseconds to its first text, and tokens a second from the request to
 * its last text, so that pieces that arrive at once cannot distort it. The host counts the tokens: more than it was asked
 * for are a lie, and count as none.
 */
export function speedOf(answer: Pick<Answer, 'firstMs' | 'lastMs' | 'tokens'>, most: number): Speed {
  const { firstMs, lastMs } = answer
  const tokens = answer.tokens !== null && answer.tokens <= most ? answer.tokens : null
  const isTimed = lastMs !== null && lastMs > 0
  return { firstMs, tokens, tokensPerSecond: isTimed && tokens !== null ? (tokens * 1000) / lastMs : null }
}
