import type { Edits, FingerprintRuntime, Matrix, RunOptions, TokenBatch } from '../../inference/runtime'
import type { TextTokenizer } from '../../weights/text/tokenizer'
import { type Head, normalized } from '../head/head'
import { batchOf, sliceBatch, tokensOf } from '../keys/batch'
import type { ChatFrame } from '../keys/chat-frame'
import { type KeyText, keyText } from '../keys/key-text'
import { row, takeRows } from '../linear/matrix'
import type { Keep } from '../stages/stage-store'
import { batchesOf, type NearTieKeys } from './near-tie-keys'

/** Numbers of the model's own tokens that a prompt may have, after the special tokens that begin every prompt. */
export const promptLengths = Array.from({ length: 13 }, (_, i) => 12 + i)
/** The same of a user's message in a chat, each of which needs a pass of its own. */
const messageLengths = [8, 12, 16, 20, 24]
/** The two likeliest answers together hold at least this much. */
const leastMass = 0.2
/** Largest difference of the two answers' logits, nats. */
const mostGap = 1
/** Prompts cut from one text, at most. */
const perText = 6
/** Near ties that must be found for every key, so that there is a choice. */
export const enoughTies = 1.5

/** A near tie, and the same difference of the two answers' logits in the attacked base. */
type Candidate = { text: number; length: number; first: number; second: number; gap: number; attacked: number }

/**
 * Texts [rows, lead + 24] that begin with `lead` special tokens, or, with a `chat`, with those before a message; the base's
 * tensors after an attack. With a tokenizer, only prompts that text can carry are chosen.
 */
type Source = {
  texts: TokenBatch
  lead: number
  attacked: Edits
  tokenizer?: TextTokenizer | null
  chat?: ChatFrame | null
}

export type ChosenTies = {
  keys: NearTieKeys
  /** Logit of each key's first answer minus the second in the attacked base, nats, [N]. */
  attacked: Float64Array
  /** Near ties found, of those that could be keys, up to one and a half for every key asked for. */
  found: number
}

const textsAtOnce = 64
/** A multiple of `textsAtOnce`. */
const textsKept = 256

/**
 * Up to `count` prompts among the beginnings of `texts` at which the two likeliest answers are within a nat and hold a fifth
 * of the mass: those at which they lie closest together both in the base and in the attacked base, so that a bit decides
 * them before an attack and after it. Never two prompts with the same last tokens, so none are alike.
 */
export async function chooseNearTies(
  runtime: FingerprintRuntime,
  head: Head,
  source: Source,
  count: number,
  { keep, ...options }: RunOptions & { keep: Keep },
): Promise<ChosenTies> {
  const { texts, lead } = source
  const found: Candidate[] = []
  const lengths = (source.chat ? messageLengths : promptLengths)
    .map((length) => lead + length)
    .filter((length) => length <= texts.length)
  for (let from = 0; from < texts.rows; from += textsKept) {
    const to = Math.min(texts.rows, from + textsKept)
    found.push(
      ...(await keep(`near ties of ${source.chat ? 'chats' : 'texts'} ${from}–${to - 1}`, async () => {
        const ties: Candidate[] = []
        for (let at = from; at < to; at += textsAtOnce)
          ties.push(...(await tiesIn(runtime, head, source, at, lengths, options)))
        return ties
      })),
    )
    options.onProgress?.(to, texts.rows)
  }
  return steadiest(found, source, count)
}

/** The near ties at these lengths of 64 texts, of which the first is text `from`. */
async function tiesIn(
  runtime: FingerprintRuntime,
  head: Head,
  { texts, attacked, chat }: Source,
  from: number,
  lengths: readonly number[],
  { signal }: RunOptions,
): Promise<Candidate[]> {
  const part = sliceBatch(texts, from, from + textsAtOnce)
  const states = (edits?: Edits) => endStates(runtime, part, lengths, chat?.after ?? [], { edits, signal })
  const [before, after] = [await states(), await states(attacked)]
  const ties: Candidate[] = []
  for (const [i, length] of lengths.entries()) {
    const attackedStates = normalized(after[i], head)
    const logits = await runtime.matmul(normalized(before[i], head), head.unembedding, 'b')
    for (let r = 0; r < part.rows; r++) {
      const { first, second, gap } = tieOf(row(logits, r))
      if (gap >= mostGap || massOf(row(logits, r), first, second) < leastMass) continue
      ties.push({
        text: from + r,
        length,
        first,
        second,
        gap,
        attacked: leadIn(head, row(attackedStates, r), first, second),
      })
    }
  }
  return ties
}

/** The last residuals at these lengths of every text, with `after` appended, each [rows, d]. */
async function endStates(
  runtime: FingerprintRuntime,
  texts: TokenBatch,
  lengths: readonly number[],
  after: readonly number[],
  options: Pick<RunOptions, 'edits' | 'signal'>,
): Promise<Matrix[]> {
  if (after.length === 0) {
    const { residuals } = await runtime.run(texts, ['residuals'], options)
    return lengths.map((length) =>
      takeRows(
        residuals,
        Array.from({ length: texts.rows }, (_, r) => r * texts.length + length - 1),
      ),
    )
  }
  const states: Matrix[] = []
  for (const length of lengths) {
    const rows = Array.from({ length: texts.rows }, (_, r) => [...tokensOf(texts, r).subarray(0, length), ...after])
    states.push((await runtime.run(batchOf(rows), ['residual'], options)).residual)
  }
  return states
}

/** Logit of the first answer minus the second for a normalized residual. */
function leadIn({ unembedding }: Head, state: Float32Array, first: number, second: number): number {
  const [one, other] = [row(unembedding, first), row(unembedding, second)]
  return state.reduce((sum, x, j) => sum + x * (one[j] - other[j]), 0)
}

/** The two likeliest tokens, and the difference of their logits in nats. */
export function tieOf(logits: Float32Array): { first: number; second: number; gap: number } {
  let [first, second] = logits[1] > logits[0] ? [1, 0] : [0, 1]
  for (let v = 2; v < logits.length; v++)
    if (logits[v] > logits[first]) [first, second] = [v, first]
    else if (logits[v] > logits[second]) second = v
  return { first, second, gap: logits[first] - logits[second] }
}

/** The chance of two tokens together, of which the first is the likeliest of all. */
function massOf(logits: Float32Array, first: number, second: number): number {
  let sum = 0
  for (let v = 0; v < logits.length; v++) sum += Math.exp(logits[v] - logits[first])
  return (1 + Math.exp(logits[second] - logits[first])) / sum
}

const lastTokens = 4

function steadiest(found: readonly Candidate[], { texts, lead, tokenizer, chat }: Source, count: number): ChosenTies {
  const taken = new Map<number, number>()
  const seen = new Set<string>()
  const usable: (Candidate & { ids: Int32Array; words: KeyText | null })[] = []
  const distance = ({ gap, attacked }: Candidate) => Math.hypot(gap, attacked)
  for (const candidate of found.toSorted(
    (a, b) => distance(a) - distance(b) || a.text - b.text || a.length - b.length,
  )) {
    if (usable.length >= enoughTies * count) break
    const ids = Int32Array.from([
      ...tokensOf(texts, candidate.text).subarray(0, candidate.length),
      ...(chat?.after ?? []),
    ])
    const message = ids.subarray(lead, candidate.length)
    // A message that ends before its length is another prompt.
    if (chat && message.includes(chat.after[0])) continue
    const ending = message.subarray(-lastTokens).join()
    const before = taken.get(candidate.text) ?? 0
    if (before >= perText || seen.has(ending)) continue
    const words = tokenizer ? keyText(tokenizer, ids, [candidate.first, candidate.second], chat ?? { lead }) : null
    if (tokenizer && !words) continue
    taken.set(candidate.text, before + 1)
    seen.add(ending)
    usable.push({ ...candidate, ids, words })
  }
  const chosen = usable.slice(0, count).sort((a, b) => a.length - b.length || a.text - b.text)
  return {
    found: usable.length,
    attacked: Float64Array.from(chosen, ({ attacked }) => attacked),
    keys: {
      prompts: batchesOf(chosen.map(({ ids }) => ids)),
      pairs: Uint32Array.from(chosen.flatMap(({ first, second }) => [first, second])),
      gaps: Float64Array.from(chosen, ({ gap }) => gap),
      texts: tokenizer ? chosen.flatMap(({ words }) => (words ? [words] : [])) : null,
    },
  }
}
