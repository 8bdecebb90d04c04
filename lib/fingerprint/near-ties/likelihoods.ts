/** The name of one way in which a coalition may give answers. */
export type Strategy = string

/** Log-likelihoods of a suspect's answers under every strategy of every coalition. */
export type Likelihoods = {
  /** The strategies among which a coalition's is looked for. */
  strategies: readonly Strategy[]
  /** The strategies by which a copy is judged alone, each as one of `members` copies whose other members are unknown. */
  alone: readonly (readonly [Strategy, members: number])[]
  /**
   * log P(answer to key k), nats, [members + 1, N]: row i holds where i of the members lean to the first answer. A key
   * without an answer has 0.
   */
  logLikelihoods(strategy: Strategy, members: number): readonly Float64Array[]
}

/** Likelihoods that compute each strategy and number of members once. `isAnswered` tells for which keys `ofKey` is asked. */
export function cachedLikelihoods(
  { strategies, alone }: Pick<Likelihoods, 'strategies' | 'alone'>,
  keys: number,
  isAnswered: (k: number) => boolean,
  ofKey: (strategy: Strategy, k: number, members: number, along: number) => number,
): Likelihoods {
  const computed = new Map<string, Float64Array[]>()
  return {
    strategies,
    alone,
    logLikelihoods(strategy, members) {
      const name = `${strategy} ${members}`
      const found = computed.get(name)
      if (found) return found
      const rows = Array.from({ length: members + 1 }, (_, along) =>
        Float64Array.from({ length: keys }, (_, k) => (isAnswered(k) ? ofKey(strategy, k, members, along) : 0)),
      )
      computed.set(name, rows)
      return rows
    },
  }
}

/** P(a coalition gives the first answer) where it answers as most of its members lean. `along` members lean to the first. */
export const byMajority = (along: number, members: number) => (1 + Math.sign(2 * along - members)) / 2

/** P(a coalition gives the first answer) where it answers as the fewest of its members lean. */
export const byMinority = (along: number, members: number) =>
  along === 0 || along === members ? byMajority(along, members) : 1 - byMajority(along, members)
