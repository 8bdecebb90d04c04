import { KinmarkError } from '../error'
import { readChatRequest, type ServeRequest } from './request'
import type { ServedModel } from './served-model'

type Json = Record<string, unknown>

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Fields of responses and messages that would change the answer, with the values that ask for nothing. */
const unsupported: Record<string, readonly unknown[]> = {
  previous_response_id: [],
  conversation: [],
  background: [false],
  prompt: [],
  max_tool_calls: [],
  top_k: [],
  mcp_servers: [[]],
  container: [],
}

/**
 * Understands the body of `/v1/responses` as a chat: instructions are the system’s message. Nothing is stored, so there is
 * no earlier response to go on from. Throws `serve.*` and the template’s `weights.*`.
 */
export function readResponsesRequest(body: unknown, model: ServedModel): ServeRequest {
  if (!isJson(body)) throw new KinmarkError('serve.field-invalid', { field: 'body', reason: 'it must be an object.' })
  assertSupported(body)
  const { input, instructions, max_output_tokens, text, reasoning, ...rest } = body
  const format = isJson(text) && isJson(text.format) ? text.format : null
  if (format && format.type !== 'text') throw new KinmarkError('serve.field-unsupported', { field: 'text.format' })
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : input
  if (!Array.isArray(items))
    throw new KinmarkError('serve.field-invalid', { field: 'input', reason: 'it must be a text or an array.' })
  const messages = items.flatMap((item, i) => chatMessage(item, i))
  const system = typeof instructions === 'string' ? [{ role: 'system', content: instructions }] : []
  const effort = isJson(reasoning) && typeof reasoning.effort === 'string' ? { reasoning_effort: reasoning.effort } : {}
  return readChatRequest(
    { ...rest, ...effort, messages: [...system, ...messages], max_completion_tokens: max_output_tokens },
    model,
  )
}

/** An item of the input as messages of a chat. Thoughts of earlier turns are left out, as templates do. */
function chatMessage(item: unknown, i: number): Json[] {
  if (!isJson(item))
    throw new KinmarkError('serve.field-invalid', { field: `input[${i}]`, reason: 'it must be an object.' })
  if (item.type === 'reasoning') return []
  if (item.type !== undefined && item.type !== 'message')
    throw new KinmarkError('serve.field-unsupported', { field: `input[${i}]: ${String(item.type).slice(0, 40)}` })
  return [{ role: item.role, content: textParts(item.content, `input[${i}]`, ['input_text', 'output_text', 'text']) }]
}

/** Understands the body of `/v1/messages` as a chat. Throws `serve.*` and the template’s `weights.*`. */
export function readMessagesRequest(body: unknown, model: ServedModel): ServeRequest {
  if (!isJson(body)) throw new KinmarkError('serve.field-invalid', { field: 'body', reason: 'it must be an object.' })
  assertSupported(body)
  const { system, messages, stop_sequences, thinking, max_tokens, ...rest } = body
  if (typeof max_tokens !== 'number')
    throw new KinmarkError('serve.field-invalid', { field: 'max_tokens', reason: 'it is missing.' })
  if (!Array.isArray(messages))
    throw new KinmarkError('serve.field-invalid', { field: 'messages', reason: 'it must be an array.' })
  const turns = messages.map((turn, i) => {
    if (!isJson(turn))
      throw new KinmarkError('serve.field-invalid', { field: `messages[${i}]`, reason: 'it must be an object.' })
    return { role: turn.role, content: textParts(turn.content, `messages[${i}]`, ['text']) }
  })
  const before = system == null ? [] : [{ role: 'system', content: textParts(system, 'system', ['text']) }]
  const thoughtless = isJson(thinking) && thinking.type === 'disabled' ? { reasoning_effort: 'none' } : {}
  const stop = Array.isArray(stop_sequences) && stop_sequences.length > 0 ? { stop: stop_sequences } : {}
  return readChatRequest({ ...rest, ...thoughtless, ...stop, max_tokens, messages: [...before, ...turns] }, model)
}

/** The text of parts of these types; thoughts of earlier turns are left out. */
function textParts(content: unknown, at: string, types: readonly string[]): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content))
    throw new KinmarkError('serve.field-invalid', { field: `${at}.content`, reason: 'it must be a text or an array.' })
  return content
    .map((part, j) => {
      const type = isJson(part) ? String(part.type) : 'nothing'
      if (type === 'thinking') return ''
      if (!isJson(part) || !types.includes(type) || typeof part.text !== 'string')
        throw new KinmarkError('serve.field-unsupported', { field: `${at}.content[${j}]: ${type.slice(0, 40)}` })
      return part.text
    })
    .join('')
}

function assertSupported(body: Json): void {
  for (const [field, neutral] of Object.entries(unsupported)) {
    const value = Object.hasOwn(body, field) ? body[field] : null
    if (value === null || neutral.some((each) => JSON.stringify(each) === JSON.stringify(value))) continue
    throw new KinmarkError('serve.field-unsupported', { field })
  }
}
