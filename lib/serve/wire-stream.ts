import { randomUUID } from 'node:crypto'
import type { Ending, Piece } from './answer'
import { type ReasoningSplitter, reasoningSplitter } from './split-reasoning'
import { type Choice, usageOf, type Writer } from './wire'
import type { WireError } from './wire-error'

/** What an answer needs to be written, beside its pieces. */
export type WireContext = { model: string; promptTokens: number; includeUsage: boolean; thinking: boolean }

/** Writes one answer in a wire format: as a stream of server-sent events, or whole. */
export type Wire = {
  opening(): string[]
  piece(piece: Piece): string[]
  closing(ending: Ending): string[]
  whole(pieces: readonly Piece[], ending: Ending): object
  /** What ends a stream that fails on its way. */
  failure(error: WireError['body']): string
}

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`
const named = (json: { type: string; [field: string]: unknown }) => `event: ${json.type}\n${event(json)}`
const seconds = () => Math.floor(Date.now() / 1000)

/** OpenAI’s chat completions and completions. */
export function choiceWire(writer: Writer, { model, promptTokens, includeUsage }: WireContext): Wire {
  const id = `${writer.names.id}-${randomUUID()}`
  const created = seconds()
  const envelope = (object: string) => ({ id, object, created, model })
  const chunk = (choices: Choice[], usage: object | null) =>
    event({ ...envelope(writer.names.chunk), choices, ...(includeUsage && { usage }) })
  return {
    opening() {
      const opening = writer.opening()
      return opening ? [chunk([opening], null)] : []
    },
    piece(piece) {
      const choice = writer.piece(piece)
      return choice ? [chunk([choice], null)] : []
    },
    closing(ending) {
      const choices = writer.closing(ending).map((choice) => chunk([choice], null))
      const last = includeUsage ? [chunk([], usageOf(promptTokens, ending))] : []
      return [...choices, ...last, 'data: [DONE]\n\n']
    },
    whole: (pieces, ending) => ({
      ...envelope(writer.names.whole),
      choices: [writer.whole(pieces, ending)],
      usage: usageOf(promptTokens, ending),
    }),
    failure: (error) => `${event(error)}data: [DONE]\n\n`,
  }
}

/** All text of an answer, its thoughts apart. */
function partsOf(pieces: readonly Piece[], splitter: ReasoningSplitter): { reasoning: string; content: string } {
  const parts = [...pieces.map(({ text }) => splitter.push(text)), splitter.end()]
  return {
    reasoning: parts.map((each) => each.reasoning).join(''),
    content: parts.map((each) => each.content).join(''),
  }
}

/** OpenAI’s responses. Thoughts are an item of reasoning before the message. */
export function responsesWire({ model, promptTokens, thinking }: WireContext): Wire {
  const splitter = reasoningSplitter(thinking)
  const created_at = seconds()
  const ids = { response: `resp_${randomUUID()}`, reasoning: `rs_${randomUUID()}`, message: `msg_${randomUUID()}` }
  const told = { reasoning: '', message: '' }
  let open: keyof typeof told | null = null
  let items = 0
  let sequence_number = 0
  const done: object[] = []

  const usage = (ending: Ending) => ({
    ...{ input_tokens: promptTokens, output_tokens: ending.completionTokens },
    total_tokens: promptTokens + ending.completionTokens,
    input_tokens_details: { cached_tokens: ending.cachedTokens },
    output_tokens_details: { reasoning_tokens: 0 },
  })
  const response = (status: string, more: object) => ({
    ...{ id: ids.response, object: 'response', created_at, status, model, output: [] as object[], error: null },
    ...{ incomplete_details: null, tools: [], tool_choice: 'auto', parallel_tool_calls: true, metadata: {}, ...more },
  })
  const ended = (output: object[], ending: Ending) => {
    if (ending.finishReason === 'stop') return response('completed', { output, usage: usage(ending) })
    const incomplete_details = { reason: 'max_output_tokens' }
    return response('incomplete', { output, usage: usage(ending), incomplete_details })
  }
  const partOf = (kind: keyof typeof told, text: string) =>
    kind === 'message' ? { type: 'output_text', text, annotations: [] } : { type: 'reasoning_text', text }
  const itemOf = (kind: keyof typeof told, status: string, text: string | null) => {
    const content = text === null ? [] : [partOf(kind, text)]
    if (kind === 'message') return { id: ids.message, type: 'message', status, role: 'assistant', content }
    return { id: ids.reasoning, type: 'reasoning', status, summary: [], content }
  }
  const say = (type: string, more: object) => named({ type, ...more, sequence_number: sequence_number++ })
  const at = (kind: keyof typeof told) => ({ item_id: ids[kind], output_index: items - 1, content_index: 0 })
  const close = (): string[] => {
    if (!open) return []
    const [kind, text] = [open, told[open]]
    open = null
    const item = itemOf(kind, 'completed', text)
    done.push(item)
    const name = kind === 'message' ? 'output_text' : 'reasoning_text'
    return [
      say(`response.${name}.done`, { ...at(kind), text, ...(kind === 'message' && { logprobs: [] }) }),
      say('response.content_part.done', { ...at(kind), part: partOf(kind, text) }),
      say('response.output_item.done', { output_index: items - 1, item }),
    ]
  }
  const tell = (kind: keyof typeof told, delta: string): string[] => {
    if (delta === '') return []
    const events = open === kind ? [] : close()
    if (open !== kind) {
      open = kind
      items++
      events.push(
        say('response.output_item.added', { output_index: items - 1, item: itemOf(kind, 'in_progress', null) }),
        say('response.content_part.added', { ...at(kind), part: partOf(kind, '') }),
      )
    }
    told[kind] += delta
    const name = kind === 'message' ? 'output_text' : 'reasoning_text'
    return [
      ...events,
      say(`response.${name}.delta`, { ...at(kind), delta, ...(kind === 'message' && { logprobs: [] }) }),
    ]
  }
  const tellBoth = ({ reasoning, content }: { reasoning: string; content: string }) => {
    return [...tell('reasoning', reasoning), ...tell('message', content)]
  }
  return {
    opening: () => [
      say('response.created', { response: response('in_progress', { usage: null }) }),
      say('response.in_progress', { response: response('in_progress', { usage: null }) }),
    ],
    piece: ({ text }) => tellBoth(splitter.push(text)),
    closing(ending) {
      const events = [...tellBoth(splitter.end()), ...close()]
      const type = ending.finishReason === 'stop' ? 'response.completed' : 'response.incomplete'
      return [...events, say(type, { response: ended(done, ending) })]
    },
    whole(pieces, ending) {
      const { reasoning, content } = partsOf(pieces, splitter)
      const thoughts = reasoning === '' ? [] : [itemOf('reasoning', 'completed', reasoning)]
      return ended([...thoughts, itemOf('message', 'completed', content)], ending)
    },
    failure: ({ error }) => say('error', { code: error.code, message: error.message, param: error.param }),
  }
}

/** Anthropic’s messages. Thoughts are a block before the text. */
export function messagesWire({ model, promptTokens, thinking }: WireContext): Wire {
  const splitter = reasoningSplitter(thinking)
  const id = `msg_${randomUUID()}`
  let open: 'thinking' | 'text' | null = null
  let index = -1
  const message = (content: object[], stop_reason: string | null, tokens: number) => ({
    ...{ id, type: 'message', role: 'assistant', model, content, stop_reason, stop_sequence: null },
    usage: { input_tokens: promptTokens, output_tokens: tokens },
  })
  const reasonOf = ({ finishReason }: Ending) => (finishReason === 'stop' ? 'end_turn' : 'max_tokens')
  const block = (kind: 'thinking' | 'text', text: string) =>
    kind === 'text' ? { type: 'text', text } : { type: 'thinking', thinking: text, signature: '' }
  const close = (): string[] => {
    const events = open ? [named({ type: 'content_block_stop', index })] : []
    open = null
    return events
  }
  const tell = (kind: 'thinking' | 'text', text: string): string[] => {
    if (text === '') return []
    const events = open === kind ? [] : close()
    if (open !== kind) {
      open = kind
      index++
      events.push(named({ type: 'content_block_start', index, content_block: block(kind, '') }))
    }
    const delta = kind === 'text' ? { type: 'text_delta', text } : { type: 'thinking_delta', thinking: text }
    return [...events, named({ type: 'content_block_delta', index, delta })]
  }
  const tellBoth = ({ reasoning, content }: { reasoning: string; content: string }) => {
    return [...tell('thinking', reasoning), ...tell('text', content)]
  }
  return {
    opening: () => [named({ type: 'message_start', message: message([], null, 0) })],
    piece: ({ text }) => tellBoth(splitter.push(text)),
    closing(ending) {
      const delta = { stop_reason: reasonOf(ending), stop_sequence: null }
      const usage = { output_tokens: ending.completionTokens }
      return [
        ...tellBoth(splitter.end()),
        ...close(),
        named({ type: 'message_delta', delta, usage }),
        named({ type: 'message_stop' }),
      ]
    },
    whole(pieces, ending) {
      const { reasoning, content } = partsOf(pieces, splitter)
      const thoughts = reasoning === '' ? [] : [block('thinking', reasoning)]
      return message([...thoughts, block('text', content)], reasonOf(ending), ending.completionTokens)
    },
    failure: (error) => named(anthropicError(error)),
  }
}

const anthropicTypes: Partial<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  503: 'overloaded_error',
}

/** An error in the shape of Anthropic’s API. */
export function anthropicError({ error }: WireError['body'], status = 500): { type: string; error: object } {
  const type = anthropicTypes[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
  return { type: 'error', error: { type, message: error.message } }
}
