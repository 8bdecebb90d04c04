import type { Edits, FingerprintRuntime, Matrix, RunOptions, TokenBatch } from '../../inference/runtime'
import type { TextTokenizer } from '../../weights/text/tokenizer'
import { type Head, normalized } from '../head/head'
import { batchOf, sliceBatch, tokensOf } from '../keys/batch'
import type { ChatFrame } from '../keys/chat-frame'
import { type KeyText, keyText } from '../keys/key-text'
import { row, takeRows, zeros } from '../linear/matrix'
import type { Keep } from '../stages/stage-store'
import { expOfNegative } from '../stats/exp'
import { batchesOf, type NearTieKeys } from './near-tie-keys'
import { leadIn } from './shared-runs'

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
type Candidate = Tie & { text: number; length: number; attacked: number }

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

/** Texts that are searched and kept at once. */
const textsAtOnce = 64

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
  const lengths = (source.chat ? messageLengths : promptLengths)
    .map((length) => lead + length)
    .filter((length) => length <= texts.length)
  const froms = Array.from({ length: Math.ceil(texts.rows / textsAtOnce) }, (_, i) => i * textsAtOnce)
  const found = await keep.each(
    froms.map(
      (from) => `near ties of ${source.chat ? 'chats' : 'texts'} ${from}–${from + textsAtOnce - 1} of ${texts.rows}`,
    ),
    (i) => tiesIn(runtime, head, source, froms[i], lengths, options),
    (done) => options.onProgress?.(done, froms.length),
  )
  return steadiest(found.flat(), source, count)
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
  const rows = Array.from({ length: part.rows }, (_, r) => r)
  const ends = lengths.map((length) => ({ length, rows }))
  const found: (End & { ties: Tie[] })[] = []
  for (const [i, states] of (await endStates(runtime, part, ends, chat?.after ?? [], { signal })).entries()) {
    const logits = await runtime.matmul(normalized(states, head), head.unembedding, 'b')
    const near = rows.filter((r) => isNear(row(logits, r)))
    found.push({ length: lengths[i], rows: near, ties: near.map((r) => tieOf(row(logits, r))) })
  }
  const after = await endStates(runtime, part, found, chat?.after ?? [], { edits: attacked, signal })
  return found.flatMap(({ length, rows, ties }, i) => {
    const states = normalized(after[i], head)
    return rows.map((r, n): Candidate => {
      const { first, second } = ties[n]
      return { ...ties[n], text: from + r, length, attacked: leadIn(head, row(states, n), first, second) }
    })
  })
}

/** Some texts, by their rows, cut to a length. */
type End = { length: number; rows: readonly number[] }

/** The last residuals of each of these, with `after` appended, [rows, d]. */
async function endStates(
  runtime: FingerprintRuntime,
  texts: TokenBatch,
  ends: readonly End[],
  after: readonly number[],
  options: Pick<RunOptions, 'edits' | 'signal'>,
): Promise<Matrix[]> {
  if (after.length === 0) {
    const { residuals } = await runtime.run(texts, ['residuals'], options)
    return ends.map(({ length, rows }) =>
      takeRows(
        residuals,
        rows.map((r) => r * texts.length + length - 1),
      ),
    )
  }
  const states: Matrix[] = []
  for (const { length, rows } of ends) {
    const prompts = rows.map((r) => [...tokensOf(texts, r).subarray(0, length), ...after])
    const isEmpty = prompts.length === 0
    states.push(isEmpty ? zeros(0, 0) : (await runtime.run(batchOf(prompts), ['residual'], options)).residual)
  }
  return states
}

type Tie = { first: number; second: number; gap: number }

/** The two likeliest tokens, and the difference of their logits in nats. */
export function tieOf(logits: Float32Array): Tie {
  let [first, second] = logits[1] > logits[0] ? [1, 0] : [0, 1]
  for (let v = 2; v < logits.length; v++)
    if (logits[v] > logits[first]) [first, second] = [v, first]
    else if (logits[v] > logits[second]) second = v
  return { first, second, gap: logits[first] - logits[second] }
}

function isNear(logits: Float32Array): boolean {
  const { first, gap } = tieOf(logits)
  if (gap >= mostGap) return false
  let sum = 0
  for (let v = 0; v < logits.length; v++) sum += expOfNegative(logits[v] - logits[first])
  return 1 + Math.exp(-gap) >= leastMass * sum
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
