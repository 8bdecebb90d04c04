import { KinmarkError } from '../error'
import { type Limits, post } from '../outbound/post'
import { chatCompletion, completion } from './schemas'
import { type ShownToken, writtenInChat, writtenInCompletion } from './shown-tokens'

type TokenLogprobs = readonly (readonly [token: string, logprob: number])[]

/** The first token of an answer, and the tokens that the endpoint shows log probabilities of; none where it shows none. */
type FirstToken = { text: string; top: TokenLogprobs }
/** A whole answer, and the tokens that the endpoint shows log probabilities of, in order; none where it shows none. */
export type WrittenAnswer = { answer: string; shown: ShownToken[] }
type Asking<T> = (prompt: string, signal?: AbortSignal) => Promise<T>
export type Endpoint = Asking<FirstToken>

export type EndpointOptions = { model: string; apiKey?: string; limits: Limits }

/** The numbers of tokens whose log probabilities are requested, one after the other is rejected: OpenAI’s limits in chats and in completions. */
const shown = [20, 5]
const inChat = shown.map((count) => ({ logprobs: true, top_logprobs: count }))
/** Asks for the answer without reasoning before it, as vLLM and SGLang understand it. */
const noReasoning = { chat_template_kwargs: { enable_thinking: false } }

/** Whether an address takes messages; otherwise it continues text. */
export const isChat = ({ pathname }: URL) => pathname.endsWith('/chat/completions')

/** The two common kinds of endpoint. `extras`: what more is asked for, with the next one where an endpoint rejects it. */
const kinds = {
  chat: {
    body: (prompt: string) => ({ messages: [{ role: 'user', content: prompt }] }),
    extras: [...inChat.map((logprobs) => ({ ...logprobs, ...noReasoning })), noReasoning, ...inChat, {}],
    written: writtenInChat,
    firstToken(json: unknown) {
      const [{ message, logprobs }] = chatCompletion.parse(json).choices
      const tops = logprobs?.content?.[0]?.top_logprobs ?? []
      return { text: message.content ?? '', top: tops.map(({ token, logprob }) => [token, logprob] as const) }
    },
  },
  completions: {
    body: (prompt: string) => ({ prompt }),
    extras: [...shown.map((logprobs) => ({ logprobs })), {}],
    written: writtenInCompletion,
    firstToken(json: unknown) {
      const [{ text, logprobs }] = completion.parse(json).choices
      return { text, top: Object.entries(logprobs?.top_logprobs?.[0] ?? {}) }
    },
  },
}

/** Opens an OpenAI-compatible endpoint for requests of one token at temperature 0. See `openAsking`. */
export function openEndpoint(address: string, options: EndpointOptions): Endpoint {
  const url = endpointUrl(address)
  return openAsking(url, { max_tokens: 1, temperature: 0 }, kindOf(url).firstToken, options)
}

/** Opens an OpenAI-compatible endpoint for answers of up to `tokens` tokens at temperature 1. See `openAsking`. */
export function openWriter(address: string, tokens: number, options: EndpointOptions): Asking<WrittenAnswer> {
  const url = endpointUrl(address)
  return openAsking(url, { max_tokens: tokens, temperature: 1 }, (json) => kindOf(url).written.parse(json), options)
}

const kindOf = (url: URL) => kinds[isChat(url) ? 'chat' : 'completions']

/**
 * Requests log probabilities, and in a chat an answer without reasoning; stops requesting what the endpoint rejects (a 4xx
 * status other than 401 and 429).
 */
function openAsking<T>(
  url: URL,
  fields: object,
  read: (json: unknown) => T,
  { model, apiKey, limits }: EndpointOptions,
): Asking<T> {
  const kind = kindOf(url)
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {}
  let level = 0
  return async (prompt, signal) => {
    const body = { model, ...fields, ...kind.body(prompt) }
    const send = (at: number) => post(url, JSON.stringify({ ...body, ...kind.extras[at] }), { headers, limits, signal })
    let at = level
    let answer = await send(at)
    while (rejects(answer.status) && at < kind.extras.length - 1) answer = await send(++at)
    // Others that were asked at the same time may have come further.
    level = Math.max(level, at)
    if (!answer.whole) throw new KinmarkError('openai.answer-too-long', { host: url.host, maxBytes: limits.maxBytes })
    if (answer.status !== 200)
      throw new KinmarkError('openai.bad-status', {
        host: url.host,
        status: answer.status,
        body: answer.text.slice(0, 160).trim(),
      })
    return readAnswer(url, answer.text, read)
  }
}

const rejects = (status: number) => status >= 400 && status < 500 && status !== 401 && status !== 429

function endpointUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw new KinmarkError('openai.address-invalid', { address: address.slice(0, 120) })
  if (url.username || url.password) throw new KinmarkError('openai.address-has-credentials', { host: url.host })
  if (!/\/(chat\/)?completions$/.test(url.pathname))
    throw new KinmarkError('openai.address-incomplete', { path: url.pathname })
  return url
}

function readAnswer<T>(url: URL, text: string, read: (json: unknown) => T): T {
  try {
    return read(JSON.parse(text))
  } catch (cause) {
    throw new KinmarkError('openai.bad-answer', { host: url.host, body: text.slice(0, 80).trim() }, { cause })
  }
}
