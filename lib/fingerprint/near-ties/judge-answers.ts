import { type Accused, accuse } from '../evidence/accuse'
import { type BitTable, copyScores, scoreOf } from '../evidence/copy-scores'
import { signedSumTail } from '../evidence/signed-sum-tail'
import { evidenceAlone, evidenceBeside, likeliestCoalition } from './coalitions'
import type { Likelihoods } from './likelihoods'
import { logOddsLikelihoods } from './log-odds-likelihoods'
import type { TieChannel } from './tie-channel'
import { voteLikelihoods } from './vote-likelihoods'

export type TieVerdict = {
  /** Keys answered with one of their two answers. */
  answered: number
  /** Copies that had a part in the answers, surest first. */
  accused: Accused[]
  /** −log of each copy's p-value over all its tests, before the union over copies, [copies]. */
  nats: Float64Array
}

/** A suspect's answers to the keys, [N]. */
export type TieAnswers = {
  /** 1 for the first answer, −1 for the second, 0 for neither. */
  votes: Int8Array
  /** See `logOddsResiduals`; null where no answer came with log probabilities. */
  residuals: Float64Array | null
}

/** Parts of the error rate: of each copy beside others, and of the tests of each copy alone together. */
const parts = { beside: 1 / 2, alone: 1 / 2 }
/** The number of copies that a coalition is looked for among: those with the most evidence against them alone. */
const candidates = 16
/** Mean weight of a vote, in whole steps, and the largest: weights are whole numbers, so that a score's tail is exact. */
const steps = { mean: 8, most: 48 }

/**
 * The copies that gave these answers: every copy's weighted agreement, with its exact tail under fair bits. `rate` bounds the
 * chance that any innocent copy is accused, whatever model answered: after the union over all copies and tests, and
 * without any assumption on the model but that it does not depend on the copy's bits. Judging a copy beside others costs
 * no certainty: who they are, and what they do, follows from the answers and the *other* copies' bits. Each of several
 * `channels`, of which any may be that of the model that answered, has the same part of the rate; where log odds are known,
 * votes and log odds share it, so that a model gains nothing by lying in one of them.
 */
export function judgeAnswers(
  channels: readonly TieChannel[],
  { votes, residuals }: TieAnswers,
  table: BitTable,
  rate: number,
): TieVerdict {
  const tests = channels.flatMap((channel) => [
    voteLikelihoods(channel, votes),
    ...(residuals ? [logOddsLikelihoods(channel, residuals)] : []),
  ])
  const nats = new Float64Array(table.copies)
  for (const test of tests)
    for (const [copy, found] of evidenceBy(test, table).entries())
      nats[copy] = Math.max(nats[copy], found - Math.log(tests.length))
  return { answered: votes.reduce((sum, vote) => sum + Math.abs(vote), 0), accused: accuse(nats, rate), nats }
}

/** −log of each copy's p-value over all its tests by these likelihoods, [copies]. */
function evidenceBy(likelihoods: Likelihoods, table: BitTable): Float64Array {
  const nats = new Float64Array(table.copies)
  const raise = (copies: readonly number[], evidence: Float64Array, part: number) => {
    const weights = inSteps(evidence)
    const tail = signedSumTail(weights.map(Math.abs))
    const scores = copies.length > candidates ? copyScores(table, weights) : null
    for (const copy of copies) {
      const score = scores ? scores[copy] : scoreOf(table, copy, weights)
      const p = Math.min(1, Math.max(tail(score), Number.MIN_VALUE) / part)
      nats[copy] = Math.max(nats[copy], -Math.log(p))
    }
  }
  const all = Array.from({ length: table.copies }, (_, copy) => copy)
  for (const [strategy, members] of likelihoods.alone)
    raise(all, evidenceAlone(likelihoods, strategy, members), parts.alone / likelihoods.alone.length)

  // Each copy is judged beside the most suspect of the others, so that its own bits have no part in who they are.
  const ranked = mostSuspect(nats, candidates + 1)
  const suspects = ranked.slice(0, candidates)
  const likeliest = likeliestCoalition(likelihoods, table, ranked)
  const othersThan = (copy: number) =>
    likeliest.includes(copy)
      ? likeliestCoalition(
          likelihoods,
          table,
          ranked.filter((each) => each !== copy),
        )
      : likeliest
  const judged = new Map<string, { others: readonly number[]; copies: number[] }>()
  const beside = (others: readonly number[], copies: readonly number[]) => {
    const name = others.join()
    judged.set(name, { others, copies: [...(judged.get(name)?.copies ?? []), ...copies] })
  }
  beside(
    othersThan(ranked[candidates]),
    all.filter((copy) => !suspects.includes(copy)),
  )
  for (const copy of suspects) beside(othersThan(copy), [copy])
  const penalty = Math.log(table.copies)
  for (const { others, copies } of judged.values())
    if (others.length > 0 && copies.length > 0)
      raise(copies, evidenceBeside(likelihoods, table, others, penalty), parts.beside)
  return nats
}

/** The copies with the most evidence against them, first to last. */
function mostSuspect(nats: Float64Array, count: number): number[] {
  const most: number[] = []
  for (let copy = 0; copy < nats.length; copy++) {
    if (most.length === count && nats[copy] <= nats[most[count - 1]]) continue
    const at = most.findIndex((other) => nats[other] < nats[copy])
    most.splice(at < 0 ? most.length : at, 0, copy)
    if (most.length > count) most.pop()
  }
  return most
}

/** Evidence in whole steps, the mean of those that say something at `steps.mean`. */
function inSteps(evidence: Float64Array): Float64Array {
  let [sum, count] = [0, 0]
  for (const x of evidence) {
    sum += Math.abs(x)
    if (x !== 0) count++
  }
  if (sum === 0) return evidence
  const scale = (steps.mean * count) / sum
  return evidence.map((x) => Math.max(-steps.most, Math.min(steps.most, Math.round(scale * x))))
}
