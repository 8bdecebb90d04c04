import { randomBytes, randomInt } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import { tokensOf } from '../../lib/fingerprint/keys/batch'
import { sampleText } from '../../lib/fingerprint/keys/sample'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import type { Runtime } from '../../lib/inference/runtime'
import { isChat, openWriter } from '../../lib/openai/open-endpoint'
import type { EndpointTranscript } from '../../lib/openai/transcripts'
import type { TextTokenizer } from '../../lib/weights/text/tokenizer'
import { diskError } from './market/disk-error'

/** Tokens of an answer at most. */
export const answerTokens = 64
const promptTokens = { least: 8, most: 24 }
/** Where the model begins with the end of a text. */
const otherPrompt = 'The'
const atOnce = 4
const limits = { reach: 'any' as const, timeoutMs: 120_000, maxBytes: 2_097_152 }

type Questions = {
  endpoint: ReturnType<typeof openWriter>
  /** Whether the endpoint takes messages. */
  chat: boolean
  /** Answers to ask for. */
  count: number
  /** A file that every answer is added to as a line of JSON, which `readTranscripts` reads. */
  out?: string
} & ProgressOptions

/** An endpoint that is asked for ordinary answers. Throws where the address is none of a completions or chat endpoint. */
export function openQuestions(address: string, model = 'default'): Pick<Questions, 'endpoint' | 'chat'> {
  const endpoint = openWriter(address, answerTokens, { model, apiKey: process.env.KINMARK_API_KEY, limits })
  return { endpoint, chat: isChat(new URL(address)) }
}

/**
 * An endpoint's answers to ordinary prompts: beginnings of texts that the base writes, others in every run. They are asked
 * for as they are read. Throws `cli.path-unwritable` and `cli.disk-full`, and errors of the endpoint.
 */
export async function* ordinaryAnswers(
  base: Runtime,
  tokenizer: TextTokenizer,
  { endpoint, chat, count, out, signal, onProgress }: Questions,
): AsyncGenerator<EndpointTranscript> {
  const secret = randomBytes(32)
  if (out !== undefined) await keep(out, [])
  for (let from = 0; from < count; from += atOnce) {
    const rows = Math.min(atOnce, count - from)
    const beginnings = await sampleText(base, secret, 'text', rows, promptTokens.most, { from, signal })
    const asked = Array.from({ length: rows }, async (_, i): Promise<EndpointTranscript> => {
      const length = randomInt(promptTokens.least, promptTokens.most + 1)
      const prompt = tokenizer.decode(tokensOf(beginnings, i).subarray(0, length)).trimEnd() || otherPrompt
      const answered = await endpoint(prompt, signal)
      return { prompt: chat ? [{ role: 'user', content: prompt }] : prompt, ...answered }
    })
    // One that fails ends all, but what the others answered is kept.
    const settled = await Promise.allSettled(asked)
    const answers = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
    if (out !== undefined) await keep(out, answers)
    onProgress?.({ stage: 'listen', step: `${from + answers.length} answers of at most ${count}`, done: from / count })
    for (const each of settled) if (each.status === 'rejected') throw each.reason
    yield* answers
  }
}

async function keep(file: string, answers: readonly EndpointTranscript[]): Promise<void> {
  const lines = answers.map((each) => `${JSON.stringify(recorded(each))}\n`).join('')
  await appendFile(file, lines).catch((error) => {
    throw diskError(error, file)
  })
}

function recorded({ shown, ...each }: EndpointTranscript) {
  const content = shown.map(({ token, logprob, top }) => {
    return { token, logprob, top_logprobs: top.map(([token, logprob]) => ({ token, logprob })) }
  })
  return { ...each, logprobs: { content } }
}
