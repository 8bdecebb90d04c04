/** One way in which a coalition may have given the answers. */
export type Strategy = string

/**
 * What may have given the answers that were seen: log P(what was seen at every key), by strategy and by how many of a
 * coalition's members lean to the first answer, [members + 1, N]; 0 where nothing was seen.
 */
export type Explanations = {
  /** The strategies among which a coalition's is looked for. */
  strategies: readonly Strategy[]
  /** Those by which a copy is judged alone, of a coalition of so many whose other members are unknown. */
  alone: readonly (readonly [Strategy, members: number])[]
  chances(strategy: Strategy, members: number): readonly Float64Array[]
}

/** Explanations whose chances are made once. `logChance` is that of one key; it is not asked where `isSeen` is false. */
export function explanations(
  { strategies, alone }: Pick<Explanations, 'strategies' | 'alone'>,
  keys: number,
  isSeen: (k: number) => boolean,
  logChance: (strategy: Strategy, k: number, members: number, along: number) => number,
): Explanations {
  const made = new Map<string, Float64Array[]>()
  return {
    strategies,
    alone,
    chances(strategy, members) {
      const name = `${strategy} ${members}`
      const found = made.get(name)
      if (found) return found
      const rows = Array.from({ length: members + 1 }, (_, along) =>
        Float64Array.from({ length: keys }, (_, k) => (isSeen(k) ? logChance(strategy, k, members, along) : 0)),
      )
      made.set(name, rows)
      return rows
    },
  }
}
