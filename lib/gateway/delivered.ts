import { createHash } from 'node:crypto'
import type { Usage } from './formats/format'

/** What has left for the client so far, and what the upstream has counted of it. */
export type Delivered = {
  /** Whether the answer came to its end. */
  complete: boolean
  /** Events that carried text; 1 for a whole answer with text. */
  events: number
  /** SHA-256 of the first piece of text that left, and of all text: UTF-8. */
  firstHash: Uint8Array
  textHash: Uint8Array
  usage: Partial<Usage>
  /** Whether `usage.answer` counts up to the last text that left. */
  usageIsCurrent: boolean
}

/** Adds up what leaves. */
export function deliveredText() {
  const all = createHash('sha256')
  let firstHash: Uint8Array | null = null
  let events = 0
  let countedAt = -1
  let usage: Partial<Usage> = {}
  return {
    /** Text that leaves, and what the upstream counts up to its end. */
    add(text: string, counted: Partial<Usage> | null): void {
      if (text !== '') {
        events++
        firstHash ??= createHash('sha256').update(text).digest()
        all.update(text)
      }
      if (!counted) return
      usage = { prompt: counted.prompt ?? usage.prompt, answer: counted.answer ?? usage.answer }
      if (counted.answer !== undefined) countedAt = events
    },
    /** Events with text so far, each of which has a token at least. */
    get events() {
      return events
    },
    /** Tokens of the prompt, once the upstream has counted them. */
    get prompt() {
      return usage.prompt
    },
    read(complete: boolean): Delivered {
      const empty = createHash('sha256').digest()
      return {
        ...{ complete, events, usage },
        firstHash: firstHash ?? empty,
        textHash: all.copy().digest(),
        usageIsCurrent: countedAt === events,
      }
    },
  }
}
