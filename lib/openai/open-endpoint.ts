import { KinmarkError } from '../error'
import { type Limits, post } from '../outbound/post'
import { chatCompletion, completion } from './schemas'

type TokenLogprobs = readonly (readonly [token: string, logprob: number])[]

/** The first token of an answer, and the tokens that the endpoint shows log probabilities of; none where it shows none. */
type FirstToken = { text: string; top: TokenLogprobs }
export type Endpoint = (prompt: string, signal?: AbortSignal) => Promise<FirstToken>

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
    read(json: unknown) {
      const [{ message, logprobs }] = chatCompletion.parse(json).choices
      const tops = logprobs?.content?.[0]?.top_logprobs ?? []
      return { text: message.content ?? '', top: tops.map(({ token, logprob }) => [token, logprob] as const) }
    },
  },
  completions: {
    body: (prompt: string) => ({ prompt }),
    extras: [...shown.map((logprobs) => ({ logprobs })), {}],
    read(json: unknown) {
      const [{ text, logprobs }] = completion.parse(json).choices
      return { text, top: Object.entries(logprobs?.top_logprobs?.[0] ?? {}) }
    },
  },
}

/**
 * Opens an OpenAI-compatible endpoint for requests of one token at temperature 0. Requests log probabilities, and in a chat
 * an answer without reasoning; stops requesting what the endpoint rejects (a 4xx status other than 401 and 429).
 */
export function openEndpoint(address: string, { model, apiKey, limits }: EndpointOptions): Endpoint {
  const url = endpointUrl(address)
  const kind = kinds[isChat(url) ? 'chat' : 'completions']
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {}
  let level = 0
  return async (prompt, signal) => {
    const body = { model, max_tokens: 1, temperature: 0, ...kind.body(prompt) }
    const send = () => post(url, JSON.stringify({ ...body, ...kind.extras[level] }), { headers, limits, signal })
    let answer = await send()
    while (rejects(answer.status) && level < kind.extras.length - 1) {
      level++
      answer = await send()
    }
    if (!answer.whole) throw new KinmarkError('openai.answer-too-long', { host: url.host, maxBytes: limits.maxBytes })
    if (answer.status !== 200)
      throw new KinmarkError('openai.bad-status', {
        host: url.host,
        status: answer.status,
        body: answer.text.slice(0, 160).trim(),
      })
    return readAnswer(url, answer.text, kind.read)
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

function readAnswer(url: URL, text: string, read: (json: unknown) => FirstToken): FirstToken {
  try {
    return read(JSON.parse(text))
  } catch (cause) {
    throw new KinmarkError('openai.bad-answer', { host: url.host, body: text.slice(0, 80).trim() }, { cause })
  }
}
