import { Template } from '@huggingface/jinja'
import { z } from 'zod'
import { KinmarkError, messageOf } from '../../error'
import type { NamedBytes } from '../bytes'
import { ggufTokenizer } from '../gguf/tokenizer/gguf-tokenizer'
import { printAsPython } from './python-text'
import { looseOrFault, specialTokens } from './special-tokens'
import { readText } from './text'

export type Message = { role: 'system' | 'user' | 'assistant'; content: string }

/**
 * Formats a conversation as the prompt that the model was trained to continue with its answer. `variables` are settings
 * of the template's own, such as `enable_thinking`.
 */
export type ChatTemplate = (messages: readonly Message[], variables?: TemplateVariables) => string

export type TemplateVariables = Readonly<Record<string, string | number | boolean>>

const templateLimit = 262_144
const configLimit = 67_108_864

const named = z.array(z.object({ name: z.string(), template: z.string() }))
const schema = z.object({ chat_template: z.union([z.string(), named]).nullish() })

printAsPython()

/**
 * The chat template of a Hugging Face folder: `chat_template.jinja`, or else the one in `tokenizer_config.json` or in a
 * GGUF file. Null if there is none, as for models that only continue text.
 */
export async function openChatTemplate(files: readonly NamedBytes[]): Promise<ChatTemplate | null> {
  const { text, tokens } = await statedTemplate(files)
  if (text === null) return null
  const template = compile(text)
  return (messages, variables = {}) => {
    try {
      return template.render({
        ...variables,
        ...tokens,
        messages,
        tools: null,
        documents: null,
        add_generation_prompt: true,
      })
    } catch (cause) {
      throw new KinmarkError('weights.chat-template-failed', { reason: messageOf(cause) }, { cause })
    }
  }
}

/** The text of the template that `openChatTemplate` opens. */
export async function chatTemplateText(files: readonly NamedBytes[]): Promise<string | null> {
  return (await statedTemplate(files)).text
}

async function statedTemplate(files: readonly NamedBytes[]) {
  const config = files.find(({ path }) => path === 'tokenizer_config.json')
  const file = files.find(({ path }) => path === 'chat_template.jinja')
  const stated = config ? await readText(config, configLimit) : ((await ggufTokenizer(files))?.config ?? '{}')
  const json = looseOrFault('tokenizer_config.json', stated)
  const { chat_template: declared } = parse(json)
  const tokens = await specialTokens(files, json)
  const listed = typeof declared === 'string' ? declared : declared?.find(({ name }) => name === 'default')?.template
  const text = file ? await readText(file, templateLimit) : listed
  if (!text) return { text: null, tokens }
  if (text.length > templateLimit)
    throw new KinmarkError('weights.chat-template-too-long', { length: text.length, limit: templateLimit })
  return { text, tokens }
}

function parse(json: unknown): z.infer<typeof schema> {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new KinmarkError('weights.tokenizer-config-invalid', { path: 'tokenizer_config.json' }, { cause: parsed.error })
}

function compile(text: string): Template {
  try {
    return new Template(text)
  } catch (cause) {
    throw new KinmarkError('weights.chat-template-invalid', { reason: messageOf(cause) }, { cause })
  }
}
