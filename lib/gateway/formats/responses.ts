import { type Format, isJson, objectsIn, type StreamRead, textIn, tokensIn, type Usage } from './format'
import { answerLimits, answersOf } from './limits'
import { openaiError } from './openai-error'

const ends: Partial<Record<string, StreamRead['state']>> = {
  'response.completed': 'end',
  'response.incomplete': 'end',
  'response.failed': 'failed',
  error: 'failed',
}

/** OpenAI’s responses. The last event contains the whole answer and its usage, which is always shown. */
export const responses: Format = {
  ...{ name: 'responses', path: '/v1/responses', prompt: 'input', done: null },
  toUpstream: (body) => body,
  ...answerLimits('max_output_tokens'),
  answers: answersOf,
  read(event) {
    if (typeof event.type !== 'string') return null
    const usage = isJson(event.response) ? usageIn(event.response.usage) : null
    const text = event.type.endsWith('.delta') ? textIn(event.delta) : ''
    return { text, usage, state: ends[event.type] ?? 'running', shown: 'same' }
  },
  whole(answer) {
    if (!Array.isArray(answer.output)) return null
    const parts = objectsIn(answer.output).flatMap((item) => [
      ...objectsIn(item.summary).map((part) => textIn(part.text)),
      ...objectsIn(item.content).map((part) => textIn(part.text) + textIn(part.refusal)),
      textIn(item.arguments) + textIn(item.input),
    ])
    return { text: parts.join(''), usage: usageIn(answer.usage) }
  },
  errorBody: openaiError,
  errorEvent: ({ message, code }) => ({ name: 'error', json: { type: 'error', code, message, param: null } }),
}

function usageIn(usage: unknown): Usage | null {
  if (!isJson(usage)) return null
  const [prompt, answer] = [tokensIn(usage.input_tokens), tokensIn(usage.output_tokens)]
  return prompt === undefined || answer === undefined ? null : { prompt, answer }
}
