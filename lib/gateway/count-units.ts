import type { Delivered } from './delivered'

export type Counted = {
  units: bigint
  /** Who counted: the upstream, or nobody, so that every event with text counts as one token, which it has at least. */
  by: 'upstream' | 'events'
  /** Whether the upstream counted more than the request can have cost. */
  capped: boolean
}

/**
 * The units of what was delivered: prompt and answer as the upstream counts them. Where it does not say, what is certain
 * counts: a token for each event with text. Nothing delivered is nothing. `most` is what the request can cost.
 */
export function countUnits({ complete, events, usage, usageIsCurrent }: Delivered, most: bigint): Counted {
  const { prompt, answer } = usage
  if (complete && prompt !== undefined && answer !== undefined && prompt + answer > 0)
    return bounded(prompt + answer, 'upstream', most)
  if (events === 0) return { units: 0n, by: 'events', capped: false }
  const said = usageIsCurrent && answer ? answer : events
  return bounded((prompt ?? 0) + said, prompt ? 'upstream' : 'events', most)
}

function bounded(tokens: number, by: Counted['by'], most: bigint): Counted {
  const units = BigInt(tokens)
  return units > most ? { units: most, by, capped: true } : { units, by, capped: false }
}
