import { z } from 'zod'
import { KinmarkError } from '../error'
import type { Message, TemplateVariables } from '../weights/text/chat-template'
import type { Job } from './answer'
import type { ServedModel } from './served-model'
import { endsThinking } from './split-reasoning'

/** A request that was understood. */
export type ServeRequest = {
  job: Job
  stream: boolean
  /** Whether a stream ends with the usage. */
  includeUsage: boolean
  /** Whether the prompt ends within the model’s thoughts. */
  thinking: boolean
}

const share = z.number().min(0).max(1)
const stopString = z.string().min(1).max(1000)
const common = {
  model: z.string(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: share.nullish(),
  seed: z.int().nullish(),
  stop: z.union([stopString, z.array(stopString).max(4)]).nullish(),
  max_tokens: z.int().min(1).nullish(),
}

const part = z.object({ type: z.literal('text'), text: z.string() })
const content = z.union([z.string(), z.array(part)])
const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), content }),
  z.object({ role: z.literal('assistant'), content: content.nullish() }),
])

const chatSchema = z.object({
  ...common,
  messages: z.array(message).min(1),
  max_completion_tokens: z.int().min(1).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  reasoning_effort: z.string().nullish(),
  chat_template_kwargs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
})

const tokenIds = z.array(z.int()).min(1)
const completionSchema = z.object({
  ...common,
  prompt: z.union([z.string(), tokenIds, z.tuple([z.union([z.string(), tokenIds])])]),
  logprobs: z.int().min(0).max(20).nullish(),
})

/** Fields that would change the answer, with the values that ask for nothing; null and absent ask for nothing too. */
const unsupported: Record<string, readonly unknown[]> = {
  n: [1],
  best_of: [1],
  echo: [false],
  suffix: [''],
  tools: [[]],
  tool_choice: ['none', 'auto'],
  functions: [[]],
  function_call: ['none', 'auto'],
  response_format: [{ type: 'text' }],
  modalities: [['text']],
  audio: [],
  web_search_options: [],
  logit_bias: [{}],
  presence_penalty: [0],
  frequency_penalty: [0],
  repetition_penalty: [1],
  top_k: [0, -1],
  min_p: [0],
}

/** Understands the body of `/v1/chat/completions`. Throws `serve.*` and the template’s `weights.*`. */
export function readChatRequest(body: unknown, model: ServedModel): ServeRequest {
  assertSupported(body)
  assertTextOnly(body)
  const asked = parse(chatSchema, body)
  assertModel(asked.model, model)
  if (asked.top_logprobs != null && !asked.logprobs) throw invalid('top_logprobs', 'it needs “logprobs”: true.')
  if (!model.template) throw new KinmarkError('serve.chat-template-missing', { model: model.name })
  const thoughtless: TemplateVariables = asked.reasoning_effort === 'none' ? { enable_thinking: false } : {}
  const text = model.template(asked.messages.map(toMessage), { ...thoughtless, ...asked.chat_template_kwargs })
  const prompt = model.tokenizer.encode(text)
  const maxTokens = asked.max_completion_tokens ?? asked.max_tokens ?? Number.POSITIVE_INFINITY
  const alternatives = asked.logprobs ? (asked.top_logprobs ?? 0) : null
  return { ...requestOf(asked, { prompt, maxTokens, alternatives }, model), thinking: endsThinking(text) }
}

/** Understands the body of `/v1/completions`. Throws `serve.*`. */
export function readCompletionRequest(body: unknown, model: ServedModel): ServeRequest {
  assertSupported(body)
  const asked = parse(completionSchema, body)
  assertModel(asked.model, model)
  const only = typeof asked.prompt !== 'string' && typeof asked.prompt[0] !== 'number' ? asked.prompt[0] : asked.prompt
  const prompt = typeof only === 'string' ? model.tokenizer.encodePrompt(only) : Int32Array.from(only as number[])
  const { vocab } = model.runtime.shape
  const outside = typeof only === 'string' ? undefined : (only as number[]).find((id) => id < 0 || id >= vocab)
  if (outside !== undefined) throw invalid('prompt', `token ${outside} is outside the vocabulary of ${vocab} tokens.`)
  const maxTokens = asked.max_tokens ?? 16
  return { ...requestOf(asked, { prompt, maxTokens, alternatives: asked.logprobs ?? null }, model), thinking: false }
}

type Common = z.infer<z.ZodObject<typeof common>>

function requestOf(
  { stream, stream_options, temperature, top_p, seed, stop }: Common,
  { prompt, maxTokens, alternatives }: Pick<Job, 'prompt' | 'maxTokens' | 'alternatives'>,
  { runtime: { shape } }: ServedModel,
): Omit<ServeRequest, 'thinking'> {
  if (stream_options && !stream) throw invalid('stream_options', 'it needs “stream”: true.')
  const ids = prompt.length > 0 ? prompt : Int32Array.of(shape.bos)
  const available = shape.maxPositions - ids.length
  if (available < 1) throw new KinmarkError('serve.prompt-too-long', { tokens: ids.length, limit: shape.maxPositions })
  return {
    job: {
      prompt: ids,
      maxTokens: Math.min(maxTokens, available),
      sampling: {
        temperature: temperature ?? 1,
        topP: top_p ?? 1,
        seed: seed ?? Math.floor(Math.random() * 2 ** 32),
      },
      stops: typeof stop === 'string' ? [stop] : (stop ?? []),
      alternatives,
    },
    stream: stream ?? false,
    includeUsage: stream_options?.include_usage ?? false,
  }
}

function toMessage({ role, content }: z.infer<typeof message>): Message {
  const text = typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join('')
  return { role: role === 'developer' ? 'system' : role, content: text }
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const [{ path, message }] = parsed.error.issues
  throw invalid(path.length > 0 ? fieldName(path) : 'body', `${message}.`)
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${String(key)}`)).join('')
}

function invalid(field: string, reason: string): KinmarkError {
  return new KinmarkError('serve.field-invalid', { field, reason })
}

function assertModel(asked: string, { name }: ServedModel): void {
  if (asked !== name) throw new KinmarkError('serve.model-unknown', { model: asked, served: name })
}

function assertSupported(body: unknown): void {
  if (typeof body !== 'object' || body === null) return
  for (const [field, neutral] of Object.entries(unsupported)) {
    const value = Object.hasOwn(body, field) ? (body as Record<string, unknown>)[field] : null
    if (value === null || neutral.some((each) => JSON.stringify(each) === JSON.stringify(value))) continue
    throw new KinmarkError('serve.field-unsupported', { field })
  }
}

const spoken = z.object({
  messages: z.array(
    z.object({
      role: z.string(),
      content: z.union([z.array(z.object({ type: z.string() })), z.unknown()]),
      tool_calls: z.array(z.unknown()).nullish(),
    }),
  ),
})

/** Names what is not text before the schema, which would only call it invalid. */
function assertTextOnly(body: unknown): void {
  const parsed = spoken.safeParse(body)
  if (!parsed.success) return
  for (const [i, { role, content, tool_calls }] of parsed.data.messages.entries()) {
    const at = `messages[${i}]`
    if (role === 'tool' || role === 'function')
      throw new KinmarkError('serve.field-unsupported', { field: `${at}.role: ${role}` })
    if (tool_calls?.length) throw new KinmarkError('serve.field-unsupported', { field: `${at}.tool_calls` })
    for (const [j, each] of (Array.isArray(content) ? content : []).entries())
      if (typeof each?.type === 'string' && each.type !== 'text')
        throw new KinmarkError('serve.field-unsupported', { field: `${at}.content[${j}]: ${each.type.slice(0, 40)}` })
  }
}
