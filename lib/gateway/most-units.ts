import { type Format, isJson, type Json } from './formats/format'

/** Tokens that a chat template adds to a message, and the most that an image, a sound or a file counts for. */
const [perMessage, perMedium] = [32, 16_384]
const media = /^(input_)?(image|image_url|audio|audio_url|video|video_url|file|document)$/

/** Fields of a medium whose text no model reads. */
const payloads = new Set(['url', 'data', 'file_data', 'file_id', 'file_url', 'image_url', 'audio_url', 'video_url'])
/** Fields of a prompt whose arrays may have media as their parts, and those that a model reads as they are written. */
const [contents, written] = [new Set(['content', 'output']), new Set(['input', 'arguments', 'parameters'])]

/**
 * The most tokens that a prompt can have: a token is at least a byte of text. Images and files are not counted by their
 * bytes. Both sides of a payment compute this, so it depends on the request’s JSON alone.
 */
export function mostPromptUnits(body: Json, format: Format): number {
  const { model: _, stream: __, [format.prompt]: prompt, ...rest } = body
  const messages = Array.isArray(prompt) ? prompt.length : 1
  return weigh(rest) + keyUnits(format.prompt) + weighPrompt(prompt) + perMessage * (messages + 1)
}

const keyUnits = (key: string): number => Buffer.byteLength(key) + 2

/** `partOf`: weighs an element of an array, and a value with its key. */
function weighEach(value: unknown, partOf: (each: unknown, key: string | null) => number): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number' || typeof value === 'boolean') return 1
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + partOf(each, null) + 1, 0)
  if (!isJson(value)) return 0
  return Object.entries(value).reduce((sum, [key, each]) => sum + keyUnits(key) + partOf(each, key), 0)
}

const weigh = (value: unknown): number => weighEach(value, weigh)

/** A prompt, or a part of it. `isContent`: an array whose elements may be media. */
function weighPrompt(value: unknown, isContent = false): number {
  return weighEach(value, (each, key) => {
    if (key === null) return isContent && isMedium(each) ? perMedium + weighMedium(each) : weighPrompt(each)
    return written.has(key) ? weigh(each) : weighPrompt(each, contents.has(key))
  })
}

const isMedium = (value: unknown): value is Json =>
  isJson(value) && typeof value.type === 'string' && media.test(value.type)

/** What a medium says beside its data: text that is a document’s source is text. */
function weighMedium(value: unknown): number {
  if (isJson(value) && value.type === 'text') return weigh(value)
  return weighEach(value, (each, key) => (key && payloads.has(key) && typeof each === 'string' ? 0 : weighMedium(each)))
}

/** The most that a request can cost, for `answerTokens` of each of its answers. */
export function mostUnits(body: Json, format: Format, answerTokens: number): bigint {
  return BigInt(mostPromptUnits(body, format) + answerTokens * format.answers(body))
}
