import fc from 'fast-check'

/** A stream of one of the wire formats as a model’s server writes it, and what it contains. */
export type StreamShape = {
  format: 'chat' | 'completions' | 'responses' | 'messages'
  /** Names and JSON of the events, in their order; `[DONE]` is the text itself. */
  events: { name: string | null; json: Record<string, unknown> | '[DONE]' }[]
  text: string
  usage: { prompt: number; answer: number }
  /** How the upstream tells its usage. */
  tells: 'once' | 'each' | 'twice' | 'never' | 'negative'
}

const piece = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.constantFrom('é', '漢字', '🙂', '\n\n', 'data: [DONE]\n\n', '"}', '\u2028', ' '),
)
const tells = fc.constantFrom('once', 'each', 'twice', 'never', 'negative') as fc.Arbitrary<StreamShape['tells']>

type Parts = { pieces: string[]; prompt: number; tells: StreamShape['tells']; kind: 'text' | 'thoughts' | 'tool' }

const parts: fc.Arbitrary<Parts> = fc.record({
  pieces: fc.array(piece, { minLength: 1, maxLength: 7 }),
  prompt: fc.integer({ min: 1, max: 5000 }),
  tells,
  kind: fc.constantFrom('text', 'thoughts', 'tool'),
})

/** Streams that are whole. */
export const streamShape: fc.Arbitrary<StreamShape> = fc
  .tuple(fc.constantFrom('chat', 'completions', 'responses', 'messages'), parts)
  .map(([format, given]) => writers[format as StreamShape['format']](given))

const writers: Record<StreamShape['format'], (parts: Parts) => StreamShape> = {
  chat: (given) =>
    choices(given, 'chat', (text) => {
      if (given.kind === 'thoughts') return { delta: { reasoning_content: text } }
      if (given.kind === 'tool') return { delta: { tool_calls: [{ index: 0, function: { arguments: text } }] } }
      return { delta: { content: text } }
    }),
  completions: (given) => choices(given, 'completions', (text) => ({ text })),
  responses({ pieces, prompt, tells: given, kind }) {
    const types = { text: 'output_text', thoughts: 'reasoning_text', tool: 'function_call_arguments' }
    const usage = { input_tokens: prompt, output_tokens: pieces.length, total_tokens: prompt + pieces.length }
    const last = given === 'never' ? null : given === 'negative' ? { ...usage, input_tokens: -1 } : usage
    const json = [
      { type: 'response.created', response: { id: 'resp_1', usage: null } },
      { type: 'response.in_progress', response: { id: 'resp_1' } },
      ...pieces.map((text) => ({ type: `response.${types[kind]}.delta`, delta: text })),
      { type: 'response.output_text.done', text: pieces.join('') },
      { type: 'response.completed', response: { id: 'resp_1', status: 'completed', usage: last } },
    ].map((event, i) => ({ ...event, sequence_number: i }))
    return {
      ...{ format: 'responses', text: pieces.join(''), usage: { prompt, answer: pieces.length } },
      tells: given === 'each' || given === 'twice' ? 'once' : given,
      events: json.map((event) => ({ name: event.type, json: event })),
    }
  },
  messages({ pieces, prompt, tells: given, kind }) {
    const delta = (text: string) => {
      if (kind === 'thoughts') return { type: 'thinking_delta', thinking: text }
      return kind === 'tool' ? { type: 'input_json_delta', partial_json: text } : { type: 'text_delta', text }
    }
    const start =
      given === 'negative' ? { input_tokens: -5, output_tokens: 1 } : { input_tokens: prompt, output_tokens: 1 }
    const json = [
      { type: 'message_start', message: { id: 'msg_1', content: [], ...(given !== 'never' && { usage: start }) } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'ping' },
      ...pieces.map((text) => ({ type: 'content_block_delta', index: 0, delta: delta(text) })),
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn' },
        ...(given !== 'never' && { usage: { output_tokens: given === 'negative' ? -3 : pieces.length } }),
      },
      { type: 'message_stop' },
    ]
    return {
      ...{ format: 'messages', text: pieces.join(''), usage: { prompt, answer: pieces.length } },
      tells: given === 'each' || given === 'twice' ? 'once' : given,
      events: json.map((event) => ({ name: event.type, json: event })),
    }
  },
}

function choices(
  { pieces, prompt, tells: given }: Parts,
  format: 'chat' | 'completions',
  choiceOf: (text: string) => object,
): StreamShape {
  const usageAt = (tokens: number) => {
    return { prompt_tokens: prompt, completion_tokens: tokens, total_tokens: prompt + tokens }
  }
  const envelope = { id: 'c-1', object: `${format}.chunk`, created: 1, model: 'm' }
  const each = (tokens: number) =>
    given === 'each' ? { usage: usageAt(tokens) } : given === 'once' ? { usage: null } : {}
  const chunk = (choice: object, more: object) => ({ ...envelope, choices: [{ index: 0, ...choice }], ...more })
  const final = given === 'negative' ? { ...usageAt(0), completion_tokens: -7 } : usageAt(pieces.length)
  const usages =
    given === 'never' ? [] : Array(given === 'twice' ? 2 : 1).fill({ ...envelope, choices: [], usage: final })
  const json = [
    ...(format === 'chat' ? [chunk({ delta: { role: 'assistant', content: '' } }, each(0))] : []),
    ...pieces.map((text, i) => chunk({ ...choiceOf(text), finish_reason: null }, each(i + 1))),
    chunk({ ...(format === 'chat' ? { delta: {} } : { text: '' }), finish_reason: 'stop' }, each(pieces.length)),
    ...usages,
  ]
  return {
    ...{ format, text: pieces.join(''), usage: { prompt, answer: pieces.length }, tells: given },
    events: [...json.map((event) => ({ name: null, json: event })), { name: null, json: '[DONE]' as const }],
  }
}

/** The bytes of a stream, with the ends of lines and the spaces that servers differ in. */
export function streamText(events: StreamShape['events'], style: { newline: string; space: boolean }): string {
  return events
    .map(({ name, json }) => {
      const data = typeof json === 'string' ? json : JSON.stringify(json)
      const head = name === null ? '' : `event: ${name}${style.newline}`
      return `${head}data:${style.space ? ' ' : ''}${data}${style.newline}${style.newline}`
    })
    .join('')
}
