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
import { likeliestReference } from './near-ties/text-reference'
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
 * tokens, 1,024, 2,048… and at the end, and stops as soon as a copy is named. `runtime` is the unmarked base. Throws
 * `fingerprint.other-base`, `fingerprint.no-answers`, `fingerprint.fine-tune-marked` and
 * `fingerprint.token-outside-vocabulary`.
 */
export async function listen(
  runtime: FingerprintRuntime,
  preparation: Preparation,
  copies: readonly MintedCopy[],
  transcripts: readonly Transcript[],
  {
    signal,
    onProgress,
    fineTunes = [],
    rate = falsePositiveRate,
  }: ProgressOptions & { fineTunes?: readonly FineTune[]; rate?: number } = {},
): Promise<Heard> {
  await assertSameBase(runtime, preparation)
  const texts = transcripts.flatMap((text) => windows(text, Math.min(window, runtime.shape.maxPositions)))
  assertTexts(texts, runtime.shape.vocab)
  const total = texts.reduce((sum, text) => sum + answerTokens(text), 0)
  const head = await foldedHead(runtime)
  const table = bitsOf(preparation, copies)
  const goal = Math.log(Math.max(1, copies.length) / rate)
  for (const fineTune of fineTunes) await assertUnmarked(runtime, head, preparation, table, fineTune, { signal })
  const { writing, edits } = await likeliestReference(runtime, preparation, texts, { fineTunes, signal })
  const evidence = noEvidence(preparation.margins.length)
  const bits = { solve: await ridgeSolver(runtime, preparation.kernel), margins: preparation.margins }
  let [read, tokens, withLogprobs, looks] = [0, 0, 0, 0]
  const heard = (accusations: Accusation[]): Heard => ({
    ...{ texts: read, tokens, withLogprobs, looks, goal },
    accused: accusations.filter(({ falseAccusation }) => falseAccusation <= rate),
    leading: accusations[0] ?? null,
  })
  for (let until = firstLook; ; until *= 2) {
    if (tokens >= until) continue
    const from = read
    for (; read < texts.length && tokens < until; read++) {
      tokens += answerTokens(texts[read])
      withLogprobs += texts[read].logprobs?.filter((shown) => shown.length > 0).length ?? 0
    }
    await addTexts(evidence, runtime, head, { ...preparation, writing }, texts.slice(from, read), { edits, signal })
    const tests = [await bitSlopes(bits, evidence.slopes)]
    if (evidence.shown) tests.push(await explainingBits(runtime.matmul, bits, evidence.shown))
    const scores = tests.map((g) => copyScores(table, g).map(chernoffNats(g)))
    const cost = lookCost(looks++) + Math.log(tests.length)
    const accusations = copies
      .map(({ copyId }, copy): Accusation => {
        const left = Math.max(0, ...scores.map((nats) => nats[copy] - cost))
        return { copyId, nats: left, falseAccusation: Math.min(1, copies.length * Math.exp(-left)) }
      })
      .sort((a, b) => b.nats - a.nats)
    const now = heard(accusations)
    onProgress?.({ stage: 'listen', step: stepOf(now), done: tokens / total })
    if (now.accused.length > 0 || read === texts.length) return now
  }
}

const answerTokens = ({ ids, from }: Transcript) => ids.length - from

/** A text in parts that fit the model's context; each part repeats half a window of what came before. */
function windows({ ids, from, logprobs }: Transcript, length: number): Transcript[] {
  const whole = Array.from(ids)
  if (whole.length <= length) return whole.length > from ? [{ ids: whole, from, logprobs }] : []
  const parts: Transcript[] = []
  for (let start = from; start < whole.length; ) {
    const first = Math.max(0, start - length / 2)
    const end = Math.min(whole.length, first + length)
    const own = logprobs?.slice(start - from, end - from)
    parts.push({ ids: whole.slice(first, end), from: start - first, logprobs: own })
    start = end
  }
  return parts
}

function assertTexts(texts: readonly Transcript[], vocab: number): void {
  if (texts.length === 0) throw new KinmarkError('fingerprint.no-answers')
  let largest = 0
  for (const { ids, logprobs = [] } of texts) {
    for (let i = 0; i < ids.length; i++) largest = Math.max(largest, ids[i])
    for (const [token] of logprobs.flat()) largest = Math.max(largest, token)
  }
  if (largest >= vocab) throw new KinmarkError('fingerprint.token-outside-vocabulary', { token: largest, vocab })
}

function stepOf({ tokens, goal, leading }: Heard): string {
  return `${tokens} tokens heard, ${(leading?.nats ?? 0).toFixed(1)} of ${goal.toFixed(1)} nats`
}
