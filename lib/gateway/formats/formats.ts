import { chat } from './chat'
import { completions } from './completions'
import type { Format } from './format'
import { messages } from './messages'
import { responses } from './responses'

/** All wire formats, by the path at which a client posts. */
export const formats: Partial<Record<string, Format>> = Object.fromEntries(
  [chat, completions, responses, messages].map((format) => [format.path, format]),
)
