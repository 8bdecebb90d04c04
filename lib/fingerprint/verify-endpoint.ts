import { KinmarkError } from '../error'
import { bet, keysNeeded, leading, logWealth, mostAtStake, startWealth } from './evidence/wealth'
import { type KeyText, voteOfText } from './keys/key-text'
import type { MintedCopy } from './keyset/minted-copy'
import { bettorsOf } from './near-ties/expected-bit'
import type { Progress } from './stages/progress'
import { type Accusation, bitsOf, channelsOf, type TraceKey, trace } from './trace'
import { falsePositiveRate } from './verify'

/**
 * The first token of an endpoint's answer as text. `top`: the tokens that it shows log probabilities of, each with its
 * own; empty where it shows none.
 */
export type AskEndpoint = (
  prompt: string,
  signal?: AbortSignal,
) => Promise<{ text: string; top: readonly (readonly [string, number])[] }>

/** What the answers say so far. */
type EndpointEvidence = {
  /** Keys asked, requests sent, and keys answered with one of their two answers. */
  asked: number
  questions: number
  answered: number
  /** Evidence against the leading copy, and how much of it names a copy; nats. */
  nats: number
  goal: number
  /** Bound on the probability that an innocent copy ever gets so much evidence, over all copies. */
  falseAccusation: number
  /** Bound on the probability that a copy which still leans `leastLean` as far as after the simulated attack gets so little. */
  missed: number
  /** Keys that the leading copy still takes at the pace so far; null while nothing points to one. */
  needed: number | null
}

export type EndpointVerdict = EndpointEvidence & {
  accused: Accusation[]
  /** Requests per key: 1, or 5 where the endpoint neither repeats its answers nor shows log probabilities. */
  samples: number
  /** The number of keys of whose two answers the endpoint showed log probabilities. */
  keysWithLogOdds: number
  /** Whether the verdict was certain before all keys were asked. */
  stoppedEarly: boolean
}

export type VerifyEndpointOptions = {
  copies: readonly MintedCopy[]
  /** Indexes of the keys to ask, in order; see `askingOrder`. Nothing is read ahead, so keys may be leased as they are needed. */
  keys: AsyncIterable<number> | Iterable<number>
  signal?: AbortSignal
  onEvidence?: (evidence: EndpointEvidence) => void
  onProgress?: (progress: Progress) => void
}

/** The part of a copy's lean that a miss is bounded for; one of the stakes of `Wealth`. */
export const leastLean = 0.4
/** Probability of missing a copy at which no more keys are asked. */
const acceptedMiss = 1e-4
/** Keys that are asked twice at first, to see whether the endpoint repeats its answers. */
const probes = 8
const sampledRequests = 5

/**
 * Names the copy behind a model that answers text, with as few questions as can decide. Each answer is a bet on
 * every copy's bit, and so are its log probabilities where the endpoint shows them: with half of the wealth each, because an
 * endpoint may lie in either. Half of the false-positive rate is spent on stopping as soon as one copy's bets have won enough;
 * the other half on one exact judgement of all answers when the keys end, which also names coalitions. Asking also stops
 * when no copy can be behind the endpoint. Throws `fingerprint.keys-not-text` where
 * the keys were chosen without a tokenizer.
 */
export async function verifyEndpoint(
  ask: AskEndpoint,
  key: TraceKey,
  { copies, keys, signal, onEvidence, onProgress }: VerifyEndpointOptions,
): Promise<EndpointVerdict> {
  const { texts, gaps } = key.keys
  if (!texts) throw new KinmarkError('fingerprint.keys-not-text', { keys: gaps.length })
  const channels = channelsOf(key)
  const table = bitsOf(key, copies)
  let bettors = bettorsOf(channels, gaps, false)
  let wealth = startWealth(table, bettors.count)
  const rate = falsePositiveRate / 2
  const goal = Math.log(Math.max(1, copies.length) / rate)
  const votes = new Int8Array(gaps.length)
  const logOdds = new Array<number | null>(gaps.length).fill(null)
  let [questions, answered, samples] = [0, 0, 1]
  const askKey = async (text: KeyText, times: number) => {
    const answers: Awaited<ReturnType<AskEndpoint>>[] = []
    for (let i = 0; i < times; i++) {
      questions++
      answers.push(await ask(text.prompt, signal))
    }
    const showsAny = answers[0].top.length > 0
    if (!showsAny && answers.some((answer) => answer.text !== answers[0].text)) samples = sampledRequests
    const vote = Math.sign(answers.reduce((sum, answer) => sum + voteOfText(text, answer.text), 0))
    return { vote, ownLogOdds: logOddsOfAnswer(text, answers[0]), showsAny }
  }
  const evidence = (): EndpointEvidence => {
    const nats = Math.max(0, leading(wealth).nats)
    return {
      ...{ asked: wealth.asked, questions, answered, nats, goal, falseAccusation: chanceOf(nats, copies.length, 2) },
      missed: Math.min(1, Math.exp(mostAtStake(wealth, leastLean))),
      needed: keysNeeded(wealth, goal),
    }
  }
  let now = evidence()
  // Where a thief may have mixed, a coalition may have too: it leans less, and only all answers name it.
  const isCertain = () => now.nats >= goal || (channels.length === 1 && now.missed <= acceptedMiss)
  for await (const k of keys) {
    signal?.throwIfAborted()
    const { vote, ownLogOdds, showsAny } = await askKey(
      texts[k],
      wealth.asked < probes ? Math.max(2, samples) : samples,
    )
    votes[k] = vote
    logOdds[k] = ownLogOdds
    answered += Math.abs(vote)
    // The first answer shows whether log odds come, too. Until then no bettor has put anything at stake.
    if (wealth.asked === 0 && showsAny) {
      bettors = bettorsOf(channels, gaps, true)
      wealth = startWealth(table, bettors.count)
    }
    bet(wealth, k, bettors.expectedBits(k, vote, ownLogOdds ?? Number.NaN))
    now = evidence()
    onEvidence?.(now)
    onProgress?.({ stage: 'verify', step: stepOf(now), done: Math.min(1, now.nats / goal) })
    if (isCertain()) break
  }
  const whileAsking = copies.map(({ copyId }, copy): Accusation => {
    const nats = logWealth(wealth, copy)
    return { copyId, nats, falseAccusation: chanceOf(nats, copies.length, 2) }
  })
  const inAll = isCertain() ? [] : trace(key, copies, { votes, logOdds }, rate).accused
  const accused = [...whileAsking.filter(({ nats }) => nats >= goal), ...inAll].sort((a, b) => b.nats - a.nats)
  return {
    ...{ ...now, samples, stoppedEarly: isCertain() },
    keysWithLogOdds: logOdds.filter((value) => value !== null).length,
    accused: accused.filter(({ copyId }, i) => accused.findIndex((each) => each.copyId === copyId) === i),
  }
}

/** The vote of one answer: by the log probabilities of the two answers where any is shown, else by the text. */
export function voteOfAnswer(key: KeyText, answer: Awaited<ReturnType<AskEndpoint>>): number {
  return Math.sign(shownFor(key, answer, 1) - shownFor(key, answer, -1)) || voteOfText(key, answer.text)
}

/** Log probability of the first answer minus that of the second, nats; null unless both are shown. */
function logOddsOfAnswer(key: KeyText, answer: Awaited<ReturnType<AskEndpoint>>): number | null {
  const logOdds = shownFor(key, answer, 1) - shownFor(key, answer, -1)
  return Number.isFinite(logOdds) ? logOdds : null
}

/** The log probability that an endpoint shows for the answer with this vote, −∞ if it shows none. */
function shownFor(key: KeyText, { top }: Awaited<ReturnType<AskEndpoint>>, vote: number): number {
  return top.reduce(
    (most, [token, logprob]) => (voteOfText(key, token) === vote ? Math.max(most, logprob) : most),
    Number.NEGATIVE_INFINITY,
  )
}

/** Bound on the chance of so much evidence against any innocent copy, where this is one of `tests` tests. */
function chanceOf(nats: number, copies: number, tests: number): number {
  return Math.min(1, tests * copies * Math.exp(-nats))
}

function stepOf({ asked, nats, goal, needed }: EndpointEvidence): string {
  const left = needed === null ? 'no copy stands out yet' : `about ${needed} more keys needed`
  return `${asked} keys asked, ${nats.toFixed(1)} of ${goal.toFixed(1)} nats, ${left}`
}
