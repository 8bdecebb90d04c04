import type { WireError } from '../wire-error'

/** A JSON object of a request, an answer or an event. */
export type Json = Record<string, unknown>

/** Tokens as an upstream counts them. `answer` grows within a stream. */
export type Usage = { prompt: number; answer: number }

/** What one event of a stream is. `text` is what it delivers of the answer; an empty text delivers nothing. */
export type StreamRead = {
  text: string
  /** Tokens up to and including this event; null where it says nothing about them. Parts that it leaves out are undefined. */
  usage: Partial<Usage> | null
  /** `closing`: only the end can follow. `end`: nothing may follow. `failed`: an error ended the answer. */
  state: 'running' | 'closing' | 'end' | 'failed'
  /** The event as the client gets it: unchanged, changed, or not at all. */
  shown: 'same' | 'hidden' | Json
}

/** One of the wire formats that clients speak. */
export type Format = {
  name: 'chat' | 'completions' | 'responses' | 'messages'
  path: string
  /** The field that holds the prompt. A request with the field of another format is two requests at once. */
  prompt: 'messages' | 'prompt' | 'input'
  /** The event after the last JSON event, `[DONE]`; null where the last JSON event is the end. */
  done: string | null
  /** The body as the upstream gets it: it is always asked for its usage. */
  toUpstream(body: Json, options: { eachEvent: boolean }): Json
  /** Most tokens of one answer that the request allows; null where it names none, or names one that is no limit. */
  answerLimit(body: Json): number | null
  /** The body with this limit in every field that may name one. */
  withAnswerLimit(body: Json, tokens: number): Json
  /** Answers to one request. */
  answers(body: Json): number
  /** Reads one JSON event. Returns null for JSON of another format. */
  read(event: Json, asked: { usage: boolean; usageEachEvent: boolean }): StreamRead | null
  /** The text and the usage of a whole answer; null for JSON of another format. */
  whole(answer: Json): { text: string; usage: Usage | null } | null
  errorBody(error: WireError): Json
  /** The event that ends a stream with an error: its name, where the format has names, and its JSON. */
  errorEvent(error: WireError): { name: string | null; json: Json }
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects of an array; none for anything else. */
export function objectsIn(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isJson) : []
}

export const textIn = (value: unknown): string => (typeof value === 'string' ? value : '')

/** A count of tokens; undefined for whatever cannot be one: negative, broken, or beyond any context. */
export function tokensIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 40 ? value : undefined
}

/** A positive count that a request names. */
export function limitIn(...values: unknown[]): number | null {
  for (const value of values) {
    const tokens = tokensIn(value)
    if (tokens !== undefined && tokens > 0) return tokens
  }
  return null
}
