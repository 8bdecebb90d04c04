import { KinmarkError } from '../error'
import type { Runtime } from '../inference/runtime'
import { batchOf } from './keys/batch'
import type { KeySet } from './keyset/key-set'
import type { OwnerKeySet } from './keyset/owner-key-set'
import { greedyAnswers } from './quality/answers'
import type { ProgressOptions } from './stages/progress'
import { binomialTail } from './stats/binomial'
import { trace } from './trace'

/** Chance of a wrong verdict that is accepted: of “ours” about a stranger, and of any innocent copy being accused. */
export const falsePositiveRate = 1e-9

type KeyVerdict = {
  index: number
  /** Token ids of the prompt. */
  ids: number[]
  /** Token that the suspect answered greedily. */
  answered: number
  /** Symbol of the candidate that it is, if it is one. */
  matched: number | null
  /** Token that the expected copy answers, where one is expected. */
  expected: number | null
  disclosed: boolean
}

type Accusation = {
  copyId: string
  /** Log-likelihood ratio against an innocent copy, nats. */
  score: number
  /** Chance that any innocent copy of the model is accused by these answers: exact tail, union over copies and tests. */
  falseAccusation: number
}

export type Verdict = {
  keys: KeyVerdict[]
  /** Keys that count as evidence, and how many of them were answered with a candidate. */
  tested: number
  hits: number
  nullRate: number
  /** Exact one-sided binomial: chance of so many hits in a model that was never marked. */
  pValue: number
  ours: boolean
  /** The copy that was expected, and the share of all keys answered as it must. */
  copyId: string | null
  success: number | null
  /** Copies named, surest first; empty means “no one”. */
  accused: Accusation[]
}

/** Asks a suspect every key of the kit. `copyId` says which copy of a controller's kit is expected. */
export async function verify(
  runtime: Runtime,
  keySet: KeySet,
  { copyId, onProgress, signal }: ProgressOptions & { copyId?: string } = {},
): Promise<Verdict> {
  assertTokensFit(keySet, runtime.shape.vocab)
  expectedResponses(keySet, copyId) // refuses an unknown copy before any work
  const tell = (done: number) => onProgress?.({ stage: 'verify', step: 'asking every key', done })
  tell(0)
  const answers = await greedyAnswers(runtime, batchOf(keySet.keys.map(({ ids }) => ids)), { signal, onProgress: tell })
  return judge(keySet, answers, { copyId })
}

/** The verdict over a token per key of the kit, −1 where a suspect refused; `rate` is that of accusing any innocent. */
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
