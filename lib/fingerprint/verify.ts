import { KinmarkError } from '../error'
import type { Runtime } from '../inference/runtime'
import { batchOf } from './keys/batch'
import type { KeySet } from './keyset/key-set'
import type { OwnerKeySet } from './keyset/owner-key-set'
import { greedyAnswers } from './quality/answers'
import type { ProgressOptions } from './stages/progress'
import { binomialTail } from './stats/binomial'
import { trace } from './trace'

/** Accepted probability of a wrong verdict: of “ours” for an unmarked model, and of accusing any innocent copy. */
export const falsePositiveRate = 1e-9

type KeyVerdict = {
  index: number
  /** Token ids of the prompt. */
  ids: number[]
  /** The suspect’s greedy token. */
  answered: number
  /** Symbol of the candidate that was answered; null where the answer is none of them. */
  matched: number | null
  /** The expected copy’s response; null where no copy is expected. */
  expected: number | null
  disclosed: boolean
}

type Accusation = {
  copyId: string
  /** Log-likelihood ratio against an innocent copy, nats. */
  score: number
  /** Probability that these answers accuse any innocent copy: exact tail, union bound over copies and tests. */
  falseAccusation: number
}

export type Verdict = {
  keys: KeyVerdict[]
  /** Number of keys that count as evidence, and how many of them were answered with a candidate. */
  tested: number
  hits: number
  nullRate: number
  /** Exact one-sided binomial test: probability of as many hits in an unmarked model. */
  pValue: number
  ours: boolean
  /** The expected copy, and the share of all keys that were answered with its responses. */
  copyId: string | null
  success: number | null
  /** Accused copies, most certain first. */
  accused: Accusation[]
}

/**
 * Answers every key of the set with the suspect. `copyId` is the expected copy of an owner’s key set. Throws
 * `fingerprint.token-outside-vocabulary` and `fingerprint.copy-unknown` before any work.
 */
export async function verify(
  runtime: Runtime,
  keySet: KeySet,
  { copyId, onProgress, signal }: ProgressOptions & { copyId?: string } = {},
): Promise<Verdict> {
  assertTokensFit(keySet, runtime.shape.vocab)
  expectedResponses(keySet, copyId)
  const report = (done: number) => onProgress?.({ stage: 'verify', step: 'answering every key', done })
  report(0)
  const keys = batchOf(keySet.keys.map(({ ids }) => ids))
  return judge(keySet, await greedyAnswers(runtime, keys, { signal, onProgress: report }), { copyId })
}

/**
 * The verdict for one token per key, −1 where there is none. `rate` bounds the probability that any innocent copy is
 * accused.
 */
export function judge(
  keySet: KeySet,
  answers: ArrayLike<number>,
  { copyId, rate = falsePositiveRate }: { copyId?: string; rate?: number } = {},
): Verdict {
  const expected = expectedResponses(keySet, copyId)
  const keys = keySet.keys.map(({ index, ids, candidates, disclosed }, i): KeyVerdict => {
    const symbol = candidates.indexOf(answers[i])
    const matched = symbol < 0 ? null : symbol
    return { index, ids, answered: answers[i], matched, expected: expected?.[i] ?? null, disclosed }
  })
  const evidence = keySet.kind === 'owner' ? keys.filter(({ disclosed }) => !disclosed) : keys
  const hits = evidence.filter(({ matched }) => matched !== null).length
  const pValue = binomialTail(hits, evidence.length, keySet.nullRate)
  return {
    ...{ keys, tested: evidence.length, hits, nullRate: keySet.nullRate, pValue, ours: pValue <= falsePositiveRate },
    copyId: keySet.kind === 'disclosed' ? keySet.copyId : (copyId ?? null),
    success: expected ? keys.filter((key) => key.answered === key.expected).length / keys.length : null,
    accused: keySet.kind === 'owner' ? accusedCopies(keySet, keys, rate) : [],
  }
}

function accusedCopies({ biases, copies }: OwnerKeySet, keys: readonly KeyVerdict[], rate: number): Accusation[] {
  const answered = Int8Array.from(keys, ({ matched, disclosed }) => (disclosed ? -1 : (matched ?? -1)))
  const code = { chances: Float64Array.from(biases), symbols: biases.length / keys.length }
  const codewords = copies.map(({ codeword }) => Uint8Array.from(codeword, Number))
  return trace(answered, code, codewords, rate).map(({ copy, score, falseAccusation }) => ({
    copyId: copies[copy].copyId,
    score,
    falseAccusation,
  }))
}

function expectedResponses(keySet: KeySet, copyId?: string): number[] | null {
  if (keySet.kind === 'disclosed') return keySet.responses
  if (copyId === undefined) return null
  const copy = keySet.copies.find((c) => c.copyId === copyId)
  if (!copy) throw new KinmarkError('fingerprint.copy-unknown', { copyId, copies: keySet.copies.length })
  return keySet.keys.map(({ candidates }, i) => candidates[Number(copy.codeword[i])])
}

function assertTokensFit({ keys }: KeySet, vocab: number): void {
  const largest = keys.reduce((max, { ids, candidates }) => Math.max(max, ...ids, ...candidates), 0)
  if (largest >= vocab) throw new KinmarkError('fingerprint.token-outside-vocabulary', { token: largest, vocab })
}
