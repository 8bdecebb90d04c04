import { KinmarkError } from '../error'
import { type Limits, post } from '../outbound/post'
import { type Answer, chatCompletion, completion, type ShownToken } from './schemas'

type Asking<T> = (prompt: string, signal?: AbortSignal) => Promise<T>
/** Asks for the first token of an answer; `top` is empty where the endpoint shows no log probabilities. */
export type Endpoint = Asking<{ text: string; top: ShownToken['top'] }>

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
    response: chatCompletion,
  },
  completions: {
    body: (prompt: string) => ({ prompt }),
    extras: [...shown.map((logprobs) => ({ logprobs })), {}],
    response: completion,
  },
}

/** Opens an OpenAI-compatible endpoint for requests of one token at temperature 0. See `openWriter`. */
export function openEndpoint(address: string, options: EndpointOptions): Endpoint {
  const write = opened(address, { max_tokens: 1, temperature: 0 }, options)
  return async (prompt, signal) => {
    const { answer, shown } = await write(prompt, signal)
    return { text: answer, top: shown[0]?.top ?? [] }
  }
}

/**
 * Opens an OpenAI-compatible endpoint for answers of up to `tokens` tokens at temperature 1. Requests log probabilities, and
 * in a chat an answer without reasoning; stops requesting what the endpoint rejects (a 4xx status other than 401 and 429).
 */
export function openWriter(address: string, tokens: number, options: EndpointOptions): Asking<Answer> {
  return opened(address, { max_tokens: tokens, temperature: 1 }, options)
}

function opened(address: string, fields: object, { model, apiKey, limits }: EndpointOptions): Asking<Answer> {
  const url = endpointUrl(address)
  const { body, extras, response } = kinds[isChat(url) ? 'chat' : 'completions']
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {}
  let level = 0
  return async (prompt, signal) => {
    const request = { model, ...fields, ...body(prompt) }
    const send = (at: number) => post(url, JSON.stringify({ ...request, ...extras[at] }), { headers, limits, signal })
    let at = level
    let answer = await send(at)
    while (rejects(answer.status) && at < extras.length - 1) answer = await send(++at)
    // Others that were asked at the same time may have come further.
    level = Math.max(level, at)
    if (!answer.whole) throw new KinmarkError('openai.answer-too-long', { host: url.host, maxBytes: limits.maxBytes })
    if (answer.status !== 200)
      throw new KinmarkError('openai.bad-status', {
        host: url.host,
        status: answer.status,
        body: answer.text.slice(0, 160).trim(),
      })
    return readAnswer(url, answer.text, response)
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

function readAnswer(url: URL, text: string, response: typeof completion | typeof chatCompletion): Answer {
  try {
    return response.parse(JSON.parse(text))
  } catch (cause) {
    throw new KinmarkError('openai.bad-answer', { host: url.host, body: text.slice(0, 80).trim() }, { cause })
  }
}
