import type { WireError } from '../wire-error'
import { type Format, isJson, type Json, objectsIn, type StreamRead, textIn, tokensIn, type Usage } from './format'
import { answerLimits, answersOf } from './limits'

/** Anthropic’s messages. The first event counts the prompt, later ones the answer so far; usage is always shown. */
export const messages: Format = {
  ...{ name: 'messages', path: '/v1/messages', prompt: 'messages', done: null },
  toUpstream: (body) => body,
  ...answerLimits('max_tokens'),
  answers: answersOf,
  read(event) {
    if (typeof event.type !== 'string') return null
    const read = (more: Partial<StreamRead>): StreamRead => {
      return { text: '', usage: null, state: 'running', shown: 'same', ...more }
    }
    switch (event.type) {
      case 'message_start':
        return read({ usage: isJson(event.message) ? partsOf(event.message.usage) : null })
      case 'content_block_start':
        return read({ text: isJson(event.content_block) ? blockText(event.content_block) : '' })
      case 'content_block_delta': {
        const delta = isJson(event.delta) ? event.delta : {}
        return read({ text: textIn(delta.text) + textIn(delta.thinking) + textIn(delta.partial_json) })
      }
      case 'message_delta':
        return read({ usage: partsOf(event.usage), state: 'closing' })
      case 'message_stop':
        return read({ state: 'end' })
      case 'error':
        return read({ state: 'failed' })
      default:
        return read({})
    }
  },
  whole(answer) {
    if (!Array.isArray(answer.content)) return null
    const { prompt, answer: tokens } = partsOf(answer.usage) ?? {}
    const usage: Usage | null = prompt === undefined || tokens === undefined ? null : { prompt, answer: tokens }
    return { text: objectsIn(answer.content).map(blockText).join(''), usage }
  },
  errorBody: anthropicError,
  errorEvent: (error) => ({ name: 'error', json: anthropicError(error) }),
}

/** Text and thoughts, or the name of a tool and what it is called with. A stream’s block begins with an empty input. */
function blockText({ text, thinking, name, input }: Json): string {
  const called = isJson(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : ''
  return textIn(text) + textIn(thinking) + textIn(name) + called
}

/** Tokens of the prompt that were written to a cache or read from it are counted beside the others. */
function partsOf(usage: unknown): Partial<Usage> | null {
  if (!isJson(usage)) return null
  const { input_tokens, cache_creation_input_tokens: written, cache_read_input_tokens: read, output_tokens } = usage
  const inputs = [input_tokens, ...[written, read].filter((each) => each != null)].map(tokensIn)
  const prompt = inputs.some((each) => each === undefined)
    ? undefined
    : inputs.reduce<number>((sum, each) => sum + (each ?? 0), 0)
  return { prompt, answer: tokensIn(output_tokens) }
}

const types: Partial<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
}

/** The code stands beside the fields of Anthropic’s API. */
function anthropicError({ status, code, message }: WireError): Json {
  const type = types[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
  return { type: 'error', error: { type, message, code } }
}
