import { KinmarkError } from '../error'
import type { RunOptions, Runtime } from '../inference/runtime'
import type { TextTokenizer } from '../weights/text/tokenizer'
import type { ChatFrame } from './keys/chat-frame'
import { type KeyText, voteOfText } from './keys/key-text'
import type { DisclosedKeySet } from './keyset/disclosed-key-set'
import type { KeySet } from './keyset/key-set'
import type { KeySetEntry } from './keyset/key-set-entry'
import { answersWithLogOdds, batchesOf, votesOf } from './near-ties/near-tie-keys'
import type { ProgressOptions } from './stages/progress'
import { binomialTail } from './stats/binomial'

/** Accepted probability of a wrong verdict: of accusing any innocent copy, or of mistaking another model for a copy. */
export const falsePositiveRate = 1e-9

/** Keys that are asked both ways to see which way the suspect understands. */
const sampled = 96

export type KeyAnswer = Pick<KeySetEntry, 'index' | 'disclosed'> & {
  /** The suspect's own token ids of the prompt, and its likeliest next token. */
  ids: number[]
  answered: number
  /** +1 for the key's first answer, −1 for its second, 0 for neither. */
  vote: number
  /** Log probability of the first answer minus that of the second, nats; null where the suspect has no tokens for them. */
  logOdds: number | null
}

/** Answers to all keys of a preparation, in order, [N]. */
export type VotesAndLogOdds = {
  votes: ArrayLike<number>
  /** Absent for a suspect that shows no log probabilities. */
  logOdds?: readonly (number | null)[]
}

/** The form in which `trace` takes answers. */
export function votesAndLogOdds(answers: readonly Pick<KeyAnswer, 'vote' | 'logOdds'>[]) {
  return { votes: answers.map(({ vote }) => vote), logOdds: answers.map(({ logOdds }) => logOdds) }
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

type AskOptions = ProgressOptions & {
  /** The suspect's own: its keys are then asked as text. */
  tokenizer?: TextTokenizer | null
  /** How the suspect is asked in a chat, with its tokenizer: keys that are messages are then asked as text, too. */
  chat?: ChatFrame | null
}

/**
 * The suspect's answers to every key, in order. With the suspect's tokenizer the keys are asked as text, so that a
 * permuted vocabulary changes nothing; but by their token ids where it answers those more often, because its tokenizer
 * may be another model's. Throws `fingerprint.token-outside-vocabulary` before any work.
 */
export async function askKeys(
  runtime: Runtime,
  { keys }: Pick<KeySet, 'keys'>,
  { tokenizer, chat, onProgress, signal }: AskOptions = {},
): Promise<KeyAnswer[]> {
  const report = (done: number) => onProgress?.({ stage: 'verify', step: 'asking every key', done })
  report(0)
  const asked: Question[] = []
  for (const isChat of [false, true]) {
    const own = keys.filter(({ text }) => (text?.chat ?? false) === isChat)
    const text = own.map((key) => inText(key, tokenizer, chat))
    asked.push(...(await understood(runtime, text, own.map(inIds), signal)))
  }
  assertTokensFit(asked, runtime.shape.vocab)
  const answers = await ask(runtime, asked, { signal, onProgress: (done, rows) => report(done / rows) })
  return answers.sort((a, b) => a.index - b.index)
}

/** A key in the suspect's token ids, its two answers if they are tokens, and what its likeliest next token votes for. */
type Question = Pick<KeySetEntry, 'index' | 'disclosed' | 'ids'> & {
  pair: readonly [number, number] | null
  largest: number
  voteOf(token: number): number
}

const inIds = ({ index, disclosed, ids, pair }: KeySetEntry): Question => ({
  ...{ index, disclosed, ids, pair },
  largest: Math.max(...ids, ...pair),
  voteOf: (token) => votesOf([token], pair)[0],
})

function inText(key: KeySetEntry, tokenizer?: TextTokenizer | null, chat?: ChatFrame | null): Question {
  const { index, disclosed, text } = key
  if (!text || !tokenizer || (text.chat && !chat)) return inIds(key)
  const ids = [...(text.chat && chat ? chat.encode(text.prompt) : tokenizer.encodePrompt(text.prompt))]
  const { length } = tokenizer.decode(ids)
  const voteOf = (token: number) => voteOfText(text, tokenizer.decode([...ids, token]).slice(length))
  const isOwn = ids.join() === key.ids.join() && voteOf(key.pair[0]) === 1 && voteOf(key.pair[1]) === -1
  const pair = isOwn ? key.pair : tokensOfAnswers(text, ids, tokenizer, voteOf)
  return { ...{ index, disclosed, ids, pair, voteOf }, largest: Math.max(...ids, ...(pair ?? [])) }
}

/** The suspect's tokens for a key's two answers: what its tokenizer puts after the prompt where an answer follows. */
function tokensOfAnswers(
  { answers }: KeyText,
  ids: readonly number[],
  tokenizer: TextTokenizer,
  voteOf: (token: number) => number,
): [number, number] | null {
  const before = tokenizer.decode([...ids])
  const [first, second] = answers.map((answer) => {
    const whole = tokenizer.encode(before + answer)
    return whole[tokenizer.encode(before).length]
  })
  return voteOf(first) === 1 && voteOf(second) === -1 ? [first, second] : null
}

async function ask(runtime: Runtime, questions: readonly Question[], options: RunOptions): Promise<KeyAnswer[]> {
  const inOrder = questions.toSorted((a, b) => a.ids.length - b.ids.length)
  const prompts = batchesOf(inOrder.map(({ ids }) => ids))
  const answers = await answersWithLogOdds(
    runtime,
    { prompts },
    inOrder.map(({ pair }) => pair),
    options,
  )
  return inOrder.map(({ index, disclosed, ids, voteOf }, i) => {
    const { token, logOdds } = answers[i]
    return { index, disclosed, ids, answered: token, vote: voteOf(token), logOdds }
  })
}

/** Of two ways to ask the same keys, the one that the suspect answers more often. That says nothing about any bit. */
async function understood(
  runtime: Runtime,
  text: Question[],
  ids: Question[],
  signal?: AbortSignal,
): Promise<Question[]> {
  const { vocab } = runtime.shape
  if (text.every((question, i) => question.ids.join() === ids[i].ids.join())) return text
  if (largestOf(ids) >= vocab) return text
  if (largestOf(text) >= vocab) return ids
  const step = Math.ceil(text.length / sampled)
  const answered = async (questions: Question[]) => {
    const some = questions.filter((_, i) => i % step === 0)
    return (await ask(runtime, some, { signal })).filter(({ vote }) => vote !== 0).length
  }
  return (await answered(text)) >= (await answered(ids)) ? text : ids
}

/** Whether the answers to a copy's disclosed keys are that copy's. */
export function checkCopy({ keys, responses }: DisclosedKeySet, answers: KeyAnswer[]): CopyCheck {
  const expected = new Map(keys.map(({ index, pair }, i) => [index, responses[i] === pair[0] ? 1 : -1]))
  const voted = answers.filter(({ vote }) => vote !== 0)
  const matching = voted.filter(({ index, vote }) => vote === expected.get(index)).length
  const pValue = binomialTail(matching, voted.length, 0.5)
  return { keys: answers, answered: voted.length, matching, pValue, isCopy: pValue <= falsePositiveRate }
}

const largestOf = (questions: readonly Question[]) => questions.reduce((max, { largest }) => Math.max(max, largest), 0)

function assertTokensFit(questions: readonly Question[], vocab: number): void {
  const token = largestOf(questions)
  if (token >= vocab) throw new KinmarkError('fingerprint.token-outside-vocabulary', { token, vocab })
}
