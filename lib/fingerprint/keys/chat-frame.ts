import type { NamedBytes } from '../../weights/bytes'
import { type ChatTemplate, openChatTemplate } from '../../weights/text/chat-template'
import type { TextTokenizer } from '../../weights/text/tokenizer'

/** How a chat model's prompts are written around one message of a user. */
export type ChatFrame = {
  /** Token ids before and after the message; those after end where the answer begins, behind an empty reasoning block where there is one. */
  before: readonly number[]
  after: readonly number[]
  /** The whole prompt for a message. */
  encode(message: string): Int32Array
}

const marker = '⁂'

/** The frame of a chat template; null where the template changes a message, or has no place for it. */
export function chatFrame(template: ChatTemplate, tokenizer: TextTokenizer): ChatFrame | null {
  const textOf = (content: string) => template([{ role: 'user', content }], { enable_thinking: false })
  const parts = textOf(marker).split(marker)
  if (parts.length !== 2) return null
  const [before, after] = parts.map((text) => [...tokenizer.encode(text)])
  if (before.length === 0 || after.length === 0) return null
  return { before, after, encode: (message) => tokenizer.encode(textOf(message)) }
}

/** The frame of a Hugging Face folder; null for models that only continue text. */
export async function openChatFrame(
  files: readonly NamedBytes[],
  tokenizer: TextTokenizer | null,
): Promise<ChatFrame | null> {
  const template = await openChatTemplate(files)
  return template && tokenizer && chatFrame(template, tokenizer)
}
