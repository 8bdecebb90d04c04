import type { Code } from './code'

/** Which candidate a suspect answered per key; −1 is an erasure: none of them, or a key that does not count. */
export type Answered = Int8Array

/**
 * What each answered key adds to a copy's score: `hit` where the copy has the answered symbol, `miss` where it has
 * another, in whole steps of `unit` nats. `chance` is how likely an innocent copy hits.
 */
export type Scoring = { keys: Int32Array; hit: Int32Array; miss: Int32Array; chance: Float64Array; unit: number }

/** Share of the answers taken to be noise: no single key acquits a copy. */
const noise = 0.05
const finestUnit = 0.02
/** Steps between a key's miss and its hit, on average: rounding to them adds less than 1 % to a score's variance. */
const stepsPerKey = 12

/**
 * Log-likelihood scores under the collusion channel that gives least away: each answer is that of one of `colluders`
 * copies picked at random (the interleaving attack; decoders for it hold against any other, Laarhoven 2014). Of those
 * copies the codewords `known` are taken as known and the scored copy is one more; the rest is anybody.
 */
export function scoringOf(answered: Answered, code: Code, known: readonly Uint8Array[], colluders: number): Scoring {
  const keys = Int32Array.from([...answered.keys()].filter((key) => answered[key] >= 0))
  const chance = Float64Array.from(keys, (key) => code.chances[key * code.symbols + answered[key]])
  const unknown = colluders - known.length - 1
  const [hits, misses] = [new Float64Array(keys.length), new Float64Array(keys.length)]
  let range = 0
  for (const [i, key] of keys.entries()) {
    const agree = known.reduce((sum, codeword) => sum + (codeword[key] === answered[key] ? 1 : 0), 0)
    const likelihood = (own: number) =>
      (1 - noise) * ((agree + own + unknown * chance[i]) / colluders) + noise * chance[i]
    const innocent = likelihood(chance[i])
    hits[i] = Math.log(likelihood(1) / innocent)
    misses[i] = Math.log(likelihood(0) / innocent)
    range += hits[i] - misses[i]
  }
  const unit = Math.max(finestUnit, range / (stepsPerKey * Math.max(1, keys.length)))
  const steps = (nats: Float64Array) => Int32Array.from(nats, (x) => Math.round(x / unit))
  return { keys, hit: steps(hits), miss: steps(misses), chance, unit }
}

/** A copy's score, in steps. */
export function scoreOf({ keys, hit, miss }: Scoring, answered: Answered, codeword: Uint8Array): number {
  let score = 0
  for (let i = 0; i < keys.length; i++) score += codeword[keys[i]] === answered[keys[i]] ? hit[i] : miss[i]
  return score
}
