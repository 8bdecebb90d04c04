import type { Format, Json } from './format'
import { limitIn } from './format'

/**
 * Names that servers have for the most tokens of an answer. Some servers let one override another, and take those of other
 * formats too, so a request is limited by the largest that it names.
 */
const limitNames = [
  ...['max_tokens', 'max_completion_tokens', 'max_output_tokens'],
  ...['n_predict', 'num_predict', 'max_new_tokens'],
]

const named = (body: Json) => limitNames.filter((field) => body[field] != null)

/** How requests limit their answers. `own`: the format’s name for the limit, used where a request has none. */
export function answerLimits(own: string): Pick<Format, 'answerLimit' | 'withAnswerLimit'> {
  return {
    answerLimit(body) {
      const given = named(body).map((field) => limitIn(body[field]))
      return given.length === 0 || given.includes(null) ? null : Math.max(...given.map(Number))
    },
    withAnswerLimit(body, tokens) {
      const fields = named(body)
      return { ...body, ...Object.fromEntries((fields.length > 0 ? fields : [own]).map((each) => [each, tokens])) }
    },
  }
}

const countNames = ['n', 'best_of', 'n_cmpl']

/** Answers to one prompt, by whatever name. */
export const answersOf = (body: Json): number => Math.max(1, ...countNames.map((field) => limitIn(body[field]) ?? 1))

/** Fields that the gateway reads. `fields` of `stream_options` are among them. */
const read = new Set([
  ...[...limitNames, ...countNames, 'messages', 'prompt', 'input', 'stream', 'stream_options', 'background'],
  ...['include_usage', 'continuous_usage_stats'],
])

/** Letters that some servers take for others: case, the long s and the sign of Kelvin. */
const folded = (name: string): string => name.toUpperCase().toLowerCase()

/**
 * A field that some servers (those in Go, such as Ollama) take for one that the gateway reads, although its name is spelt
 * otherwise, so that they would be asked for something else than was paid for. Null where there is none.
 */
export function misspelt(body: Json): string | null {
  return Object.keys(body).find((name) => !read.has(name) && read.has(folded(name))) ?? null
}
