import type { OpenaiErrors } from '../../lib/errors/openai'
import type { Messages } from '../messages'

export const openai: Messages<OpenaiErrors> = {
  'openai.address-invalid': ({ address }) =>
    `“${address}” is not the address of an endpoint: it must begin with http:// or https://.`,
  'openai.address-has-credentials': ({ host }) =>
    `The address of “${host}” contains a user name or password: remove it, and set KINMARK_API_KEY if the endpoint needs an API key.`,
  'openai.address-incomplete': ({ path }) =>
    `“${path}” must end in “/completions” or “/chat/completions”: give the endpoint’s full address.`,
  'openai.answer-too-long': ({ host, maxBytes }) =>
    `“${host}” answered a request for one token with more than ${maxBytes} bytes.`,
  'openai.bad-status': ({ host, status, body }) =>
    `“${host}” answered with status ${status}${body === '' ? '' : `: ${body}`}.`,
  'openai.transcript-invalid': ({ line, text }) =>
    `Line ${line} is not a transcript: it must be JSON with “prompt” and “answer”, with “messages” that end with the assistant’s, or with “request” and “response”. It begins with: ${text}`,
  'openai.bad-answer': ({ host, body }) => `“${host}” does not answer like an OpenAI-compatible endpoint: ${body}`,
}
