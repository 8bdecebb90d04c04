import { z } from 'zod'
import { KinmarkError } from '../error'
import { type Answer, chatCompletion, chatLogprobs, completion } from './schemas'

const part = z.union([z.string(), z.object({ text: z.string() }).transform(({ text }) => text)])
const content = z.union([z.string(), z.array(part).transform((parts) => parts.join(''))])
const message = z.object({ role: z.enum(['system', 'user', 'assistant']), content })

type TranscriptMessage = z.infer<typeof message>

/** One answer of an endpoint, with the text or the conversation that it continues. */
export type EndpointTranscript = Answer & { prompt: string | TranscriptMessage[] }

/** `{ prompt, answer }`; the prompt may be unknown. */
const pair = z
  .object({ prompt: z.union([z.string(), z.array(message)]).default(''), answer: z.string(), logprobs: chatLogprobs })
  .transform(({ logprobs, ...each }): EndpointTranscript => ({ ...each, shown: logprobs }))

/** A conversation that ends with an answer, as in files for chat tuning. */
const conversation = z
  .object({ messages: z.array(message).min(1), logprobs: chatLogprobs })
  .refine(({ messages }) => messages.at(-1)?.role === 'assistant', 'must end with a message of the assistant')
  .transform(
    ({ messages, logprobs }): EndpointTranscript => ({
      prompt: messages.slice(0, -1),
      answer: messages.at(-1)?.content ?? '',
      shown: logprobs,
    }),
  )

/** What a gateway records: the request's body and the response's, of `/completions` or `/chat/completions`. */
const recorded = z.union([
  z
    .object({ request: z.object({ messages: z.array(message) }), response: chatCompletion })
    .transform(({ request, response }): EndpointTranscript => ({ prompt: request.messages, ...response })),
  z
    .object({ request: z.object({ prompt: z.string() }), response: completion })
    .transform(({ request, response }): EndpointTranscript => ({ prompt: request.prompt, ...response })),
])

const transcript = z.union([pair, conversation, recorded])

/**
 * The transcripts in JSON lines: `{ prompt, answer }`, `{ messages }` or a gateway's `{ request, response }`. The first two
 * may have `logprobs` as OpenAI's chats do. Empty lines are skipped. Throws `openai.transcript-invalid` with the number of the line, from 1.
 */
export function readTranscripts(text: string): EndpointTranscript[] {
  return text.split('\n').flatMap((line, i) => {
    if (line.trim() === '') return []
    const parsed = transcript.safeParse(jsonOf(line))
    if (parsed.success) return [parsed.data]
    throw new KinmarkError('openai.transcript-invalid', { line: i + 1, text: line.slice(0, 80) })
  })
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
