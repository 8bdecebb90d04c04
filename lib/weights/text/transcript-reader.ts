import { KinmarkError } from '../../error'
import { logprobAligner, type ShownToken } from './align-logprobs'
import type { ChatTemplate, Message } from './chat-template'
import type { TextTokenizer } from './tokenizer'

/** A text or a conversation, its answer, and the tokens that the endpoint shows log probabilities of. */
type Written = { prompt: string | readonly Message[]; answer: string; shown: readonly ShownToken[] }

/** Token ids of prompt and answer, and the log probabilities, nats, of tokens at each place from `from` on, the answer's first. */
type Tokens = { ids: number[]; from: number; logprobs: (readonly [token: number, logprob: number])[][] }

/** Reads transcripts as tokens, as the model that answered saw them. `vocab`: tokens in its vocabulary. */
export function transcriptReader(
  tokenizer: TextTokenizer,
  template: ChatTemplate | null,
  vocab: number,
): (written: Written) => Tokens {
  const align = logprobAligner(tokenizer, vocab)
  const tokensBefore = ({ prompt, answer }: Written) => {
    if (typeof prompt === 'string') return tokenizer.encodePrompt(prompt)
    if (!template) throw new KinmarkError('weights.chat-template-missing')
    // A block of reasoning that is not in the answer was empty, or was taken out.
    return tokenizer.encode(template(prompt, { enable_thinking: answer.includes('</think>') }))
  }
  return (written) => {
    const before = tokensBefore(written)
    const own = tokenizer.encode(written.answer)
    const ids = [...before, ...own]
    const from = Math.min(ids.length, Math.max(1, before.length))
    return { ids, from, logprobs: align({ before, ids: own }, written.shown).slice(from - before.length) }
  }
}
