import { z } from 'zod'
import { KinmarkError } from '../error'
import { chatCompletion, completion } from './schemas'

const part = z.union([z.string(), z.object({ text: z.string() }).transform(({ text }) => text)])
const content = z.union([z.string(), z.array(part).transform((parts) => parts.join(''))])
const message = z.object({ role: z.enum(['system', 'user', 'assistant']), content })

type TranscriptMessage = z.infer<typeof message>

/** One answer of an endpoint, with the text or the conversation that it continues. */
export type EndpointTranscript = { prompt: string | TranscriptMessage[]; answer: string }

/** `{ prompt, answer }`; the prompt may be unknown. */
const pair = z
  .object({ prompt: z.union([z.string(), z.array(message)]).default(''), answer: z.string() })
  .transform((each): EndpointTranscript => each)

/** A conversation that ends with an answer, as in files for chat tuning. */
const conversation = z
  .object({ messages: z.array(message).min(1) })
  .refine(({ messages }) => messages.at(-1)?.role === 'assistant', 'must end with a message of the assistant')
  .transform(
    ({ messages }): EndpointTranscript => ({ prompt: messages.slice(0, -1), answer: messages.at(-1)?.content ?? '' }),
  )

/** What a gateway records: the request's body and the response's, of `/completions` or `/chat/completions`. */
const recorded = z.union([
  z.object({ request: z.object({ messages: z.array(message) }), response: chatCompletion }).transform(
    ({ request, response }): EndpointTranscript => ({
      prompt: request.messages,
      answer: response.choices[0].message.content ?? '',
    }),
  ),
  z
    .object({ request: z.object({ prompt: z.string() }), response: completion })
    .transform(
      ({ request, response }): EndpointTranscript => ({ prompt: request.prompt, answer: response.choices[0].text }),
    ),
])

const transcript = z.union([pair, conversation, recorded])

/**
 * The transcripts in JSON lines: `{ prompt, answer }`, `{ messages }` or a gateway's `{ request, response }`. Empty lines
 * are skipped. Throws `openai.transcript-invalid` with the number of the line, from 1.
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
