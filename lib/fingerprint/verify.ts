import { KinmarkError } from '../error'
import type { Runtime } from '../inference/runtime'
import type { TextTokenizer } from '../weights/text/tokenizer'
import type { DisclosedKeySet } from './keyset/disclosed-key-set'
import type { KeySet } from './keyset/key-set'
import type { KeySetEntry } from './keyset/key-set-entry'
import { answersOf, batchesOf, votesOf } from './near-ties/near-tie-keys'
import type { ProgressOptions } from './stages/progress'
import { binomialTail } from './stats/binomial'

/** Accepted probability of a wrong verdict: of accusing any innocent copy, or of mistaking another model for a copy. */
export const falsePositiveRate = 1e-9

export type KeyAnswer = Pick<KeySetEntry, 'index' | 'disclosed'> & {
  /** The suspect's own token ids of the prompt, and its likeliest next token. */
  ids: number[]
  answered: number
  /** +1 for the key's first answer, −1 for its second, 0 for neither. */
  vote: number
}

export type CopyCheck = {
  keys: KeyAnswer[]
  /** Keys answered with one of their two answers, and those of them with this copy's. */
  answered: number
  matching: number
  /** Probability that a model without this copy's bits agrees with as many: each bit is fair, so exactly ½ a key. */
  pValue: number
  isCopy: boolean
}

/**
 * The suspect's answers to every key, in order. With the suspect's tokenizer the keys are asked as text, so that a
 * permuted vocabulary changes nothing. Throws `fingerprint.token-outside-vocabulary` before any work.
 */
export async function askKeys(
  runtime: Runtime,
  { keys }: Pick<KeySet, 'keys'>,
  { tokenizer, onProgress, signal }: ProgressOptions & { tokenizer?: TextTokenizer | null } = {},
): Promise<KeyAnswer[]> {
  const asked = keys.map((key) => translated(key, tokenizer)).sort((a, b) => a.ids.length - b.ids.length)
  assertTokensFit(asked, runtime.shape.vocab)
  const report = (done: number) => onProgress?.({ stage: 'verify', step: 'asking every key', done })
  report(0)
  const prompts = batchesOf(asked.map(({ ids }) => ids))
  const answers = await answersOf(runtime, { prompts }, { signal, onProgress: (done, rows) => report(done / rows) })
  const votes = votesOf(
    answers,
    asked.flatMap(({ pair }) => pair),
  )
  return asked
    .map(({ index, ids, disclosed }, i) => ({ index, ids, disclosed, answered: answers[i], vote: votes[i] }))
    .sort((a, b) => a.index - b.index)
}

/** The key in the token ids of another tokenizer; as it is in a chat, or where that tokenizer cannot carry it. */
function translated(key: KeySetEntry, tokenizer?: TextTokenizer | null): KeySetEntry {
  if (!tokenizer || !key.text || key.text.chat) return key
  const { prompt, answers } = key.text
  const ids = [...tokenizer.encodePrompt(prompt)]
  const pair = answers.map((answer) => {
    const whole = tokenizer.encodePrompt(prompt + answer)
    return whole.length === ids.length + 1 && ids.every((id, i) => whole[i] === id) ? whole[ids.length] : -1
  })
  return pair.includes(-1) ? key : { ...key, ids, pair: [pair[0], pair[1]] }
}

/** Whether the answers to a copy's disclosed keys are that copy's. */
export function checkCopy({ keys, responses }: DisclosedKeySet, answers: KeyAnswer[]): CopyCheck {
  const expected = new Map(keys.map(({ index, pair }, i) => [index, responses[i] === pair[0] ? 1 : -1]))
  const voted = answers.filter(({ vote }) => vote !== 0)
  const matching = voted.filter(({ index, vote }) => vote === expected.get(index)).length
  const pValue = binomialTail(matching, voted.length, 0.5)
  return { keys: answers, answered: voted.length, matching, pValue, isCopy: pValue <= falsePositiveRate }
}

function assertTokensFit(keys: readonly KeySetEntry[], vocab: number): void {
  const largest = keys.reduce((max, { ids, pair }) => Math.max(max, ...ids, ...pair), 0)
  if (largest >= vocab) throw new KinmarkError('fingerprint.token-outside-vocabulary', { token: largest, vocab })
}
