import { choicesFormat } from './choices'
import { textIn } from './format'

/** OpenAI’s completions. */
export const completions = choicesFormat({
  name: 'completions',
  path: '/v1/completions',
  prompt: 'prompt',
  limits: ['max_tokens'],
  prompts: ({ prompt }) => (Array.isArray(prompt) && typeof prompt[0] !== 'number' ? prompt.length : 1),
  textOf: ({ text }) => textIn(text),
})
