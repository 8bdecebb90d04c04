import { binomialTail } from './binomial'

/** The alternative hypothesis: a copy still answers at least this share of its keys. */
const survivingShare = 0.5

export type Odds = {
  /** Bound on the probability that an unmarked model ever reaches this much evidence, however often one looks. */
  anytime: number
  /** Bound on the probability that a copy which answers half of its keys ever falls to this little evidence. */
  missed: number
}

/**
 * Both likelihood ratios of `hits` in `asked` keys, as bounds that hold at every look (Ville’s inequality): each ratio is
 * a supermartingale under the hypothesis that it speaks against.
 */
export function oddsOf(hits: number, asked: number, nullRate: number): Odds {
  const misses = asked - hits
  const ratio = hits * Math.log(survivingShare / nullRate) + misses * Math.log((1 - survivingShare) / (1 - nullRate))
  return { anytime: Math.min(1, Math.exp(-ratio)), missed: Math.min(1, Math.exp(ratio)) }
}

/** P(fewer hits than the fixed-size test needs) for a copy that answers half of its `asked` keys. */
export function missRate(asked: number, nullRate: number, falsePositiveRate: number): number {
  let needed = 0
  while (needed <= asked && binomialTail(needed, asked, nullRate) > falsePositiveRate) needed++
  return 1 - binomialTail(needed, asked, survivingShare)
}

/** Bound on the probability that more than half of `samples` draws are the same candidate, where a draw is a candidate with `rate`. */
export function majorityRate(samples: number, rate: number): number {
  return binomialTail(Math.floor(samples / 2) + 1, samples, rate)
}
