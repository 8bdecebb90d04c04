import { z } from 'zod'
import { KinmarkError } from '../error'
import { type Limits, postJson } from './post-json'

/** The first token that an endpoint answers a prompt with. `likeliest`: it is the greedy one, by the endpoint's own word. */
type FirstToken = { text: string; likeliest: boolean }
export type Endpoint = (prompt: string, signal?: AbortSignal) => Promise<FirstToken>

export type EndpointOptions = { model: string; apiKey?: string; limits: Limits }

const completion = z.object({
  choices: z
    .array(
      z.object({
        text: z.string(),
        logprobs: z.object({ top_logprobs: z.array(z.record(z.string(), z.number())).nullish() }).nullish(),
      }),
    )
    .min(1),
})
const chat = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }),
        logprobs: z
          .object({
            content: z
              .array(
                z.object({ top_logprobs: z.array(z.object({ token: z.string(), logprob: z.number() })).nullish() }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .min(1),
})

const mostLikely = (tokens: readonly (readonly [string, number])[]) =>
  tokens.length === 0 ? null : tokens.reduce((best, each) => (each[1] > best[1] ? each : best))[0]

/** The two kinds of endpoint that everybody serves, told apart by the end of their address. */
const kinds = {
  chat: {
    ask: (prompt: string) => ({ messages: [{ role: 'user', content: prompt }] }),
    logprobs: { logprobs: true, top_logprobs: 5 },
    read(json: unknown) {
      const [{ message, logprobs }] = chat.parse(json).choices
      const tops = logprobs?.content?.[0]?.top_logprobs ?? []
      return { text: message.content ?? '', top: mostLikely(tops.map(({ token, logprob }) => [token, logprob])) }
    },
  },
  completions: {
    ask: (prompt: string) => ({ prompt }),
    logprobs: { logprobs: 5 },
    read(json: unknown) {
      const [{ text, logprobs }] = completion.parse(json).choices
      return { text, top: mostLikely(Object.entries(logprobs?.top_logprobs?.[0] ?? {})) }
    },
  },
}

/** An OpenAI-compatible endpoint, asked for one token at temperature 0, with logprobs where it offers them. */
export function openEndpoint(address: string, { model, apiKey, limits }: EndpointOptions): Endpoint {
  const url = endpointUrl(address)
  const kind = kinds[url.pathname.endsWith('/chat/completions') ? 'chat' : 'completions']
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {}
  let offersLogprobs = true
  return async (prompt, signal) => {
    const ask = { model, max_tokens: 1, temperature: 0, ...kind.ask(prompt) }
    const post = (body: unknown) => postJson(url, body, { headers, limits, signal })
    let answer = await post(offersLogprobs ? { ...ask, ...kind.logprobs } : ask)
    if (
      answer.status >= 400 &&
      answer.status < 500 &&
      offersLogprobs &&
      answer.status !== 401 &&
      answer.status !== 429
    ) {
      offersLogprobs = false
      answer = await post(ask)
    }
    if (answer.status !== 200)
      throw new KinmarkError('openai.bad-status', {
        host: url.host,
        status: answer.status,
        body: answer.text.slice(0, 160).trim(),
      })
    const { text, top } = readAnswer(url, answer.text, kind.read)
    return { text: top ?? text, likeliest: top !== null }
  }
}

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
