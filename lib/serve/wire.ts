import type { Ending, Piece, TokenLogprob } from './answer'
import { reasoningSplitter } from './split-reasoning'

/** A choice of an answer as one of OpenAI’s formats writes it. */
export type Choice = Record<string, unknown>

/** Writes one answer: each piece of a stream, or the whole. */
export type Writer = {
  /** Names in `id` and `object`. */
  names: { id: string; whole: string; chunk: string }
  /** The choice before the first piece; null where the format has none. */
  opening(): Choice | null
  /** Null where a piece has nothing to show yet. */
  piece(piece: Piece): Choice | null
  closing(ending: Ending): Choice[]
  whole(pieces: readonly Piece[], ending: Ending): Choice
}

/** `/v1/chat/completions`. Thoughts are `reasoning_content` beside `content`, as DeepSeek and vLLM write them. */
export function chatWriter({ thinking, logprobs }: { thinking: boolean; logprobs: boolean }): Writer {
  const splitter = reasoningSplitter(thinking)
  const shownLogprobs = (tokens: readonly TokenLogprob[]) => {
    const content = tokens.map(({ token, logprob, top }) => {
      return { ...chatToken({ token, logprob }), top_logprobs: top.map(chatToken) }
    })
    return logprobs ? { content, refusal: null } : null
  }
  const chunk = (delta: object, tokens: readonly TokenLogprob[], reason: string | null): Choice => {
    return { index: 0, delta, logprobs: tokens.length > 0 ? shownLogprobs(tokens) : null, finish_reason: reason }
  }
  const deltaOf = ({ reasoning, content }: { reasoning: string; content: string }) => {
    return { ...(reasoning && { reasoning_content: reasoning }), ...(content && { content }) }
  }
  return {
    names: { id: 'chatcmpl', whole: 'chat.completion', chunk: 'chat.completion.chunk' },
    opening: () => chunk({ role: 'assistant', content: '' }, [], null),
    piece({ text, logprobs: tokens }) {
      const delta = deltaOf(splitter.push(text))
      return Object.keys(delta).length > 0 || (logprobs && tokens.length > 0) ? chunk(delta, tokens, null) : null
    },
    closing({ finishReason }) {
      const delta = deltaOf(splitter.end())
      const rest = Object.keys(delta).length > 0 ? [chunk(delta, [], null)] : []
      return [...rest, chunk({}, [], finishReason)]
    },
    whole(pieces, { finishReason }) {
      const parts = [...pieces.map(({ text }) => splitter.push(text)), splitter.end()]
      const reasoning = parts.map((each) => each.reasoning).join('')
      const content = parts.map((each) => each.content).join('')
      return {
        index: 0,
        message: { role: 'assistant', content, ...(reasoning && { reasoning_content: reasoning }), refusal: null },
        logprobs: shownLogprobs(pieces.flatMap((piece) => piece.logprobs)),
        finish_reason: finishReason,
      }
    },
  }
}

/** `bytes` are null for a token that holds a part of a character. */
function chatToken({ token, logprob }: { token: string; logprob: number }) {
  return { token, logprob, bytes: token.includes('\uFFFD') ? null : [...Buffer.from(token)] }
}

/** `/v1/completions`. */
export function completionWriter({ logprobs }: { logprobs: boolean }): Writer {
  let offset = 0
  const shownLogprobs = (tokens: readonly TokenLogprob[]) => {
    if (!logprobs) return null
    return {
      tokens: tokens.map(({ token }) => token),
      token_logprobs: tokens.map(({ logprob }) => logprob),
      top_logprobs: tokens.map(({ token, logprob, top }) => {
        const entries = [...top.map((each) => [each.token, each.logprob] as const), [token, logprob] as const]
        return Object.fromEntries(entries)
      }),
      text_offset: tokens.map(({ token }) => {
        const from = offset
        offset += token.length
        return from
      }),
    }
  }
  const choice = (text: string, tokens: readonly TokenLogprob[], reason: string | null): Choice => {
    return { index: 0, text, logprobs: shownLogprobs(tokens), finish_reason: reason }
  }
  return {
    names: { id: 'cmpl', whole: 'text_completion', chunk: 'text_completion' },
    opening: () => null,
    piece: ({ text, logprobs: tokens }) => (text !== '' || tokens.length > 0 ? choice(text, tokens, null) : null),
    closing: ({ finishReason }) => [choice('', [], finishReason)],
    whole: (pieces, { finishReason }) =>
      choice(
        pieces.map(({ text }) => text).join(''),
        pieces.flatMap((piece) => piece.logprobs),
        finishReason,
      ),
  }
}

/** Tokens of the request and its answer. */
export function usageOf(promptTokens: number, { completionTokens, cachedTokens }: Ending) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens },
  }
}
