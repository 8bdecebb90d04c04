import { type Format, isJson, type Json, objectsIn, type StreamRead, tokensIn, type Usage } from './format'
import { answerLimits, answersOf } from './limits'
import { openaiError } from './openai-error'

type Choices = Pick<Format, 'name' | 'path' | 'prompt'> & {
  /** Prompts in one request. */
  prompts?(body: Json): number
  /** Text of a choice of a stream, or of a whole answer. */
  textOf(choice: Json): string
}

/** The two older formats of OpenAI differ in their prompt and in the text of a choice. */
export function choicesFormat({ name, path, prompt, prompts, textOf }: Choices): Format {
  return {
    ...{ name, path, prompt, done: '[DONE]' },
    toUpstream(body, { eachEvent }) {
      if (body.stream !== true) return body
      const more = eachEvent ? { continuous_usage_stats: true } : {}
      const options = isJson(body.stream_options) ? body.stream_options : {}
      return { ...body, stream_options: { ...options, include_usage: true, ...more } }
    },
    ...answerLimits('max_tokens'),
    answers: (body) => answersOf(body) * (prompts?.(body) ?? 1),
    read(event, asked) {
      if (event.error != null) return { text: '', usage: null, state: 'failed', shown: 'same' }
      if (!Array.isArray(event.choices)) return null
      const choices = objectsIn(event.choices)
      const usage = usageIn(event.usage)
      const closing =
        choices.some((choice) => choice.finish_reason != null) || (choices.length === 0 && event.usage != null)
      return {
        text: choices.map(textOf).join(''),
        usage,
        state: closing ? 'closing' : 'running',
        shown: shownOf(event, choices.length === 0, asked),
      }
    },
    whole(answer) {
      if (!Array.isArray(answer.choices)) return null
      return { text: objectsIn(answer.choices).map(textOf).join(''), usage: usageIn(answer.usage) }
    },
    errorBody: openaiError,
    errorEvent: (error) => ({ name: null, json: openaiError(error) }),
  }
}

function usageIn(usage: unknown): Usage | null {
  if (!isJson(usage)) return null
  const [prompt, answer] = [tokensIn(usage.prompt_tokens), tokensIn(usage.completion_tokens)]
  return prompt === undefined || answer === undefined ? null : { prompt, answer }
}

/** A client that asked for no usage sees none; one that asked sees it once, in the event that has no choices. */
function shownOf(event: Json, last: boolean, asked: { usage: boolean; usageEachEvent: boolean }): StreamRead['shown'] {
  if (!asked.usage && last && event.usage != null) return 'hidden'
  if (!Object.hasOwn(event, 'usage')) return 'same'
  const { usage, ...others } = event
  if (!asked.usage) return others
  return usage == null || last || asked.usageEachEvent ? 'same' : { ...others, usage: null }
}
