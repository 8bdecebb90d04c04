import { KinmarkError } from '../error'
import type { FingerprintRuntime } from '../inference/runtime'
import { assertSameBase } from './edit/base-digest'
import { chernoffNats } from './evidence/chernoff'
import { copyScores } from './evidence/copy-scores'
import { lookCost } from './evidence/looks'
import type { Preparation } from './format/preparation'
import { foldedHead } from './head/head'
import type { MintedCopy } from './keyset/minted-copy'
import { bitSlopes, explainingBits } from './near-ties/bit-evidence'
import { ridgeSolver } from './near-ties/embed-ties'
import { assertUnmarked, type FineTune } from './near-ties/fine-tunes'
import { addTexts, noEvidence, type Transcript } from './near-ties/text-evidence'
import { type TextReference, textReferences } from './near-ties/text-reference'
import type { ProgressOptions } from './stages/progress'
import { type Accusation, bitsOf } from './trace'
import { falsePositiveRate } from './verify'

export type Heard = {
  /** Texts and answer tokens that were scored. */
  texts: number
  tokens: number
  /** Those of the tokens that came with log probabilities. */
  withLogprobs: number
  /** Looks at the growing evidence; each costs a part of the error rate. */
  looks: number
  /** Evidence that names one of these copies, nats. */
  goal: number
  /** The copies that wrote the texts, surest first. */
  accused: Accusation[]
  /** The copy with the most evidence, named or not; null without copies. */
  leading: Accusation | null
}

const firstLook = 512
/** The model's context is cut into windows of at most this many tokens. */
const window = 512

/**
 * The copies that wrote ordinary text: no keys, one forward pass of the base, or of what was made of it and its `fineTunes`
 * and fits the text better, for all copies together. Two tests share the error rate: of what was written, and of the log
 * probabilities that came with it. The bound is exact for anything that does not depend on a copy's bits. It looks at 512
 * tokens, 1,024, 2,048… and at the end, and stops reading as soon as a copy is named. `expected`: how many tokens there
 * are, for the progress. `runtime` is the unmarked base. Throws `fingerprint.other-base`, `fingerprint.no-answers`,
 * `fingerprint.fine-tune-marked` and `fingerprint.token-outside-vocabulary`.
 */
export async function listen(
  runtime: FingerprintRuntime,
  preparation: Preparation,
  copies: readonly MintedCopy[],
  transcripts: AsyncIterable<Transcript> | Iterable<Transcript>,
  {
    signal,
    onProgress,
    fineTunes = [],
    rate = falsePositiveRate,
    expected = firstLook,
  }: ProgressOptions & { fineTunes?: readonly FineTune[]; rate?: number; expected?: number } = {},
): Promise<Heard> {
  await assertSameBase(runtime, preparation)
  const head = await foldedHead(runtime)
  const table = bitsOf(preparation, copies)
  const goal = Math.log(Math.max(1, copies.length) / rate)
  for (const fineTune of fineTunes) await assertUnmarked(runtime, head, preparation, table, fineTune, { signal })
  const referenceOf = textReferences(runtime, preparation, { fineTunes, signal })
  const bits = { solve: await ridgeSolver(runtime, preparation.kernel), margins: preparation.margins }
  const reader = windows(transcripts, Math.min(window, runtime.shape.maxPositions), runtime.shape.vocab)
  const texts: Transcript[] = []
  let reference: TextReference | null = null
  let evidence = noEvidence(preparation.margins.length)
  let [added, tokens, looks] = [0, 0, 0]
  let heard: Heard | null = null
  for (let until = firstLook; ; until *= 2) {
    if (tokens >= until) continue
    while (tokens < until) {
      signal?.throwIfAborted()
      const { value, done } = await reader.next()
      if (done) break
      texts.push(value)
      tokens += answerTokens(value)
    }
    if (texts.length === 0) throw new KinmarkError('fingerprint.no-answers')
    if (heard && texts.length === added) return heard
    const chosen = await referenceOf(texts)
    if (chosen.name !== reference?.name) [reference, evidence, added] = [chosen, noEvidence(evidence.slopes.length), 0]
    const { writing, edits } = reference
    await addTexts(evidence, runtime, head, { ...preparation, writing }, texts.slice(added), { edits, signal })
    added = texts.length
    const tests = [await bitSlopes(bits, evidence.slopes)]
    if (evidence.shown) tests.push(await explainingBits(runtime.matmul, bits, evidence.shown))
    const scores = tests.map((g) => copyScores(table, g).map(chernoffNats(g)))
    const cost = lookCost(looks++) + Math.log(tests.length)
    const accusations = copies
      .map(({ copyId }, copy): Accusation => {
        const nats = Math.max(0, ...scores.map((each) => each[copy] - cost))
        return { copyId, nats, falseAccusation: Math.min(1, copies.length * Math.exp(-nats)) }
      })
      .sort((a, b) => b.nats - a.nats)
    heard = {
      ...{ texts: texts.length, tokens, withLogprobs: shownTokens(texts), looks, goal },
      accused: accusations.filter(({ falseAccusation }) => falseAccusation <= rate),
      leading: accusations[0] ?? null,
    }
    onProgress?.({ stage: 'listen', step: stepOf(heard), done: Math.min(1, tokens / expected) })
    if (heard.accused.length > 0) return heard
  }
}

const answerTokens = ({ ids, from }: Transcript) => ids.length - from

const shownTokens = (texts: readonly Transcript[]) =>
  texts.reduce((sum, { logprobs = [] }) => sum + logprobs.filter((shown) => shown.length > 0).length, 0)

/** Texts in parts of at most `length` tokens; each part repeats half of that of what came before. */
async function* windows(
  texts: AsyncIterable<Transcript> | Iterable<Transcript>,
  length: number,
  vocab: number,
): AsyncGenerator<Transcript, undefined> {
  for await (const text of texts) {
    assertTokens(text, vocab)
    const { from, logprobs } = text
    const ids = Array.from(text.ids)
    for (let start = from; start < ids.length; ) {
      const first = ids.length <= length ? 0 : Math.max(0, start - length / 2)
      const end = Math.min(ids.length, first + length)
      const own = logprobs?.slice(start - from, end - from)
      yield { ids: ids.slice(first, end), from: start - first, logprobs: own }
      start = end
    }
  }
}

function assertTokens({ ids, logprobs = [] }: Transcript, vocab: number): void {
  let largest = 0
  for (let i = 0; i < ids.length; i++) largest = Math.max(largest, ids[i])
  for (const [token] of logprobs.flat()) largest = Math.max(largest, token)
  if (largest >= vocab) throw new KinmarkError('fingerprint.token-outside-vocabulary', { token: largest, vocab })
}

function stepOf({ tokens, goal, leading }: Heard): string {
  return `${tokens} tokens heard, ${(leading?.nats ?? 0).toFixed(1)} of ${goal.toFixed(1)} nats`
}
