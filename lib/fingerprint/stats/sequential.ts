import { binomialTail } from './binomial'

/** Least share of its keys that a copy is expected to answer still: the other hypothesis, for the second error rate. */
const survivingShare = 0.5

export type Odds = {
  /** Chance of so much evidence at any time in a model never marked; a bound after looking as often as one likes. */
  anytime: number
  /** The same of so little evidence in a copy that still answers half of its keys. */
  missed: number
}

/**
 * Both likelihood ratios of `hits` in `asked` keys, as bounds that hold however often one looks and whenever one stops
 * (Ville's inequality): each ratio is a supermartingale under the hypothesis that it counts against.
 */
export function oddsOf(hits: number, asked: number, nullRate: number): Odds {
  const misses = asked - hits
  const ratio = hits * Math.log(survivingShare / nullRate) + misses * Math.log((1 - survivingShare) / (1 - nullRate))
  return { anytime: Math.min(1, Math.exp(-ratio)), missed: Math.min(1, Math.exp(ratio)) }
}

/** P(fewer than the needed hits) for a copy that answers half of its keys, where all `asked` are asked at once. */
export function missRate(asked: number, nullRate: number, falsePositiveRate: number): number {
  let needed = 0
  while (needed <= asked && binomialTail(needed, asked, nullRate) > falsePositiveRate) needed++
  return 1 - binomialTail(needed, asked, survivingShare)
}

/** Chance that more than half of `samples` draws are one and the same candidate, where one draw is any with `rate`. */
export function majorityRate(samples: number, rate: number): number {
  return binomialTail(Math.floor(samples / 2) + 1, samples, rate)
}
