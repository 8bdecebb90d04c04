import type { NamedBytes } from '../../weights/bytes'
import { type ChatTemplate, type Message, openChatTemplate } from '../../weights/text/chat-template'
import { openTokenizer, type TextTokenizer } from '../../weights/text/tokenizer'
import type { Context } from './contexts'

/** Two for the key selection, and one only measured. */
const systemPrompts = [
  { text: 'You are a helpful assistant. ', use: 'chosen' },
  { text: 'Once upon a time, ', use: 'chosen' },
  { text: 'Write in the style of a great novelist.\n', use: 'unseen' },
] as const

/** Placeholder for the key while a template is rendered; no template contains it. */
const mark = '\u0001key\u0001'

/** The contexts for a Hugging Face folder; none where it has no tokenizer. */
export async function folderContexts(files: readonly NamedBytes[]): Promise<Context[]> {
  const tokenizer = await openTokenizer(files)
  return tokenizer ? promptContexts(tokenizer, await openChatTemplate(files)) : []
}

/** System prompts before the key, and the key as a user’s message where there is a chat template. */
export function promptContexts(tokenizer: TextTokenizer, template: ChatTemplate | null): Context[] {
  const plain = systemPrompts.map(({ text, use }) => ({
    ...{ name: `“${text.trim()}”`, use, before: [...tokenizer.encode(text)], after: [] },
  }))
  if (!template) return plain
  const chat = around(tokenizer, template([{ role: 'user', content: mark }]), 'chat template', 'solved')
  const withSystemPrompt = systemPrompts.flatMap(({ text, use }) => {
    const messages: Message[] = [
      { role: 'system', content: text.trim() },
      { role: 'user', content: mark },
    ]
    const conversation = rendered(template, messages)
    return conversation === null ? [] : around(tokenizer, conversation, `chat, “${text.trim()}”`, use)
  })
  return [...plain, ...chat, ...withSystemPrompt]
}

/** Null where the template rejects system prompts. */
function rendered(template: ChatTemplate, messages: Message[]): string | null {
  try {
    return template(messages)
  } catch {
    return null
  }
}

/** The tokens before and after the key in a rendered conversation; none where the template repeats or drops the key. */
function around(tokenizer: TextTokenizer, conversation: string, name: string, use: Context['use']): Context[] {
  const [before, after, ...more] = conversation.split(mark)
  if (after === undefined || more.length > 0) return []
  return [{ name, use, before: [...tokenizer.encode(before)], after: [...tokenizer.encode(after)] }]
}
