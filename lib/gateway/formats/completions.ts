import { choicesFormat } from './choices'
import { textIn } from './format'

/** OpenAI’s completions. */
export const completions = choicesFormat({
  name: 'completions',
  path: '/v1/completions',
  prompt: 'prompt',
  prompts: ({ prompt }) => (Array.isArray(prompt) && typeof prompt[0] !== 'number' ? prompt.length : 1),
  textOf: ({ text }) => textIn(text),
})
