import { choicesFormat } from './choices'
import { isJson, type Json, objectsIn, textIn } from './format'

/** OpenAI’s chat completions. Thoughts, refusals and calls of tools are delivered text too. */
export const chat = choicesFormat({
  name: 'chat',
  path: '/v1/chat/completions',
  prompt: 'messages',
  textOf({ delta, message }) {
    const said = isJson(delta) ? delta : isJson(message) ? message : {}
    const calls = objectsIn(said.tool_calls).map((call) => callText(call.function))
    const thoughts = textIn(said.reasoning_content) || textIn(said.reasoning)
    return [thoughts, textIn(said.content), textIn(said.refusal), ...calls, callText(said.function_call)].join('')
  },
})

function callText(call: unknown): string {
  return isJson(call) ? textIn((call as Json).name) + textIn((call as Json).arguments) : ''
}
