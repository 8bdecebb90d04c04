import type { Format, Json } from './formats/format'

/** Tokens that a chat template adds to a message, and the most that an image, a sound or a file counts for. */
const [perMessage, perMedium] = [32, 16_384]
const media = /image|audio|file|document|video/

/**
 * The most tokens that a prompt can have: a token is at least a byte of text. Images and files are not counted by their
 * bytes. Both sides of a payment compute this, so it depends on the request’s JSON alone.
 */
export function mostPromptUnits(body: Json, format: Format): number {
  const { model: _, stream: __, ...rest } = body
  const prompt = rest[format.prompt]
  const messages = Array.isArray(prompt) ? prompt.length : 1
  return weigh(rest) + perMessage * (messages + 1)
}

function weigh(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value)
  if (typeof value === 'number' || typeof value === 'boolean') return 1
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + weigh(each) + 1, 0)
  if (typeof value !== 'object' || value === null) return 0
  const { type } = value as Json
  if (typeof type === 'string' && media.test(type)) return perMedium
  return Object.entries(value).reduce((sum, [key, each]) => sum + key.length + 2 + weigh(each), 0)
}

/** The most that a request can cost, for `answerTokens` of each of its answers. */
export function mostUnits(body: Json, format: Format, answerTokens: number): bigint {
  return BigInt(mostPromptUnits(body, format) + answerTokens * format.answers(body))
}
