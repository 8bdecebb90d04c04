import type { FingerprintRuntime, RunOptions, TokenBatch } from '../../inference/runtime'
import type { TextTokenizer } from '../../weights/text/tokenizer'
import { type Head, normalized } from '../head/head'
import { sliceBatch, tokensOf } from '../keys/batch'
import { type KeyText, keyText } from '../keys/key-text'
import { row, takeRows } from '../linear/matrix'
import type { Keep } from '../stages/stage-store'
import { batchesOf, type NearTieKeys } from './near-tie-keys'

/** Numbers of the model's own tokens that a prompt may have, after the special tokens that begin every prompt. */
export const promptLengths = [12, 16, 20, 24, 32]
/** The two likeliest answers together hold at least this much. */
const leastMass = 0.2
/** Largest difference of the two answers' logits, nats. */
const mostGap = 1
/** Prompts cut from one text, at most. */
const perText = 3

type Candidate = { text: number; length: number; first: number; second: number; gap: number }

/** Texts [rows, lead + 32] that begin with `lead` special tokens. With a tokenizer, only prompts that text can carry are chosen. */
type Source = { texts: TokenBatch; lead: number; tokenizer?: TextTokenizer | null }

const textsAtOnce = 64
/** A multiple of `textsAtOnce`. */
const textsKept = 256

/**
 * Up to `count` prompts among the beginnings of `texts` at which the two likeliest answers lie closest together, within a
 * nat, and hold a fifth of the mass; spread over lengths. Never two prompts with the same last tokens, so none are alike.
 */
export async function chooseNearTies(
  runtime: FingerprintRuntime,
  head: Head,
  source: Source,
  count: number,
  { keep, ...options }: RunOptions & { keep: Keep },
): Promise<NearTieKeys> {
  const { texts, lead } = source
  const found: Candidate[] = []
  const lengths = promptLengths.map((length) => lead + length).filter((length) => length <= texts.length)
  for (let from = 0; from < texts.rows; from += textsKept) {
    const to = Math.min(texts.rows, from + textsKept)
    found.push(
      ...(await keep(`near ties of texts ${from}–${to - 1}`, async () => {
        const ties: Candidate[] = []
        for (let at = from; at < to; at += textsAtOnce)
          ties.push(...(await tiesIn(runtime, head, sliceBatch(texts, at, at + textsAtOnce), at, lengths, options)))
        return ties
      })),
    )
    options.onProgress?.(to, texts.rows)
  }
  return closest(found, source, count)
}

/** The near ties at these lengths of some texts, of which the first is text `from`. */
async function tiesIn(
  runtime: FingerprintRuntime,
  head: Head,
  part: TokenBatch,
  from: number,
  lengths: readonly number[],
  { signal }: RunOptions,
): Promise<Candidate[]> {
  const ties: Candidate[] = []
  const { residuals } = await runtime.run(part, ['residuals'], { signal })
  for (const length of lengths) {
    const ends = takeRows(
      residuals,
      Array.from({ length: part.rows }, (_, r) => r * part.length + length - 1),
    )
    const logits = await runtime.matmul(normalized(ends, head), head.unembedding, 'b')
    for (let r = 0; r < part.rows; r++) {
      const tie = tieOf(row(logits, r))
      if (tie.mass >= leastMass && tie.gap < mostGap) ties.push({ text: from + r, length, ...tie })
    }
  }
  return ties
}

/** The two likeliest tokens, the difference of their logits in nats, and their mass together. */
export function tieOf(logits: Float32Array): { first: number; second: number; gap: number; mass: number } {
  let [first, second] = logits[1] > logits[0] ? [1, 0] : [0, 1]
  for (let v = 2; v < logits.length; v++)
    if (logits[v] > logits[first]) [first, second] = [v, first]
    else if (logits[v] > logits[second]) second = v
  const gap = logits[first] - logits[second]
  let sum = 0
  for (let v = 0; v < logits.length; v++) sum += Math.exp(logits[v] - logits[first])
  return { first, second, gap, mass: (1 + Math.exp(-gap)) / sum }
}

const lastTokens = 4

function closest(found: readonly Candidate[], { texts, lead, tokenizer }: Source, count: number): NearTieKeys {
  const taken = new Map<number, number>()
  const seen = new Set<string>()
  const chosen: (Candidate & { ids: Int32Array; words: KeyText | null })[] = []
  for (const candidate of found.toSorted((a, b) => a.gap - b.gap || a.text - b.text || a.length - b.length)) {
    if (chosen.length === count) break
    const ids = tokensOf(texts, candidate.text).subarray(0, candidate.length)
    const ending = ids.subarray(-lastTokens).join()
    const before = taken.get(candidate.text) ?? 0
    if (before >= perText || seen.has(ending)) continue
    const words = tokenizer ? keyText(tokenizer, ids, [candidate.first, candidate.second], lead) : null
    if (tokenizer && !words) continue
    taken.set(candidate.text, before + 1)
    seen.add(ending)
    chosen.push({ ...candidate, ids, words })
  }
  chosen.sort((a, b) => a.length - b.length || a.text - b.text)
  return {
    prompts: batchesOf(chosen.map(({ ids }) => ids)),
    pairs: Uint32Array.from(chosen.flatMap(({ first, second }) => [first, second])),
    gaps: Float64Array.from(chosen, ({ gap }) => gap),
    texts: tokenizer ? chosen.flatMap(({ words }) => (words ? [words] : [])) : null,
  }
}
