import type { Code } from './code'

/** Symbol that a suspect answered, per key; −1 is an erasure: no candidate, or a key that is no evidence. */
export type Answered = Int8Array

/**
 * Contribution of each answered key to a copy’s score, in integer steps of `unit` nats: `hit` where the copy has the
 * answered symbol, `miss` where it has another. `chance` is an innocent copy’s probability of a hit.
 */
export type Scoring = { keys: Int32Array; hit: Int32Array; miss: Int32Array; chance: Float64Array; unit: number }

/** Share of the answers that is assumed to be noise, so that no single key can acquit a copy. */
const noise = 0.05
const finestUnit = 0.02
/** Average steps between a key’s miss and its hit; rounding to them adds less than 1 % to a score’s variance. */
const stepsPerKey = 12

/**
 * Log-likelihood scores under the interleaving attack: each answer is that of one of `colluders` copies, chosen at
 * random. A log-likelihood decoder for it works against any attack (Laarhoven 2014). The colluders are the copies with
 * the codewords `known`, the scored copy, and unknown others.
 */
export function scoringOf(answered: Answered, code: Code, known: readonly Uint8Array[], colluders: number): Scoring {
  const keys = Int32Array.from([...answered.keys()].filter((key) => answered[key] >= 0))
  const chance = Float64Array.from(keys, (key) => code.chances[key * code.symbols + answered[key]])
  const unknown = colluders - known.length - 1
  const [hits, misses] = [new Float64Array(keys.length), new Float64Array(keys.length)]
  let range = 0
  for (const [i, key] of keys.entries()) {
    const agreeing = known.reduce((sum, codeword) => sum + (codeword[key] === answered[key] ? 1 : 0), 0)
    const likelihood = (own: number) =>
      (1 - noise) * ((agreeing + own + unknown * chance[i]) / colluders) + noise * chance[i]
    const innocent = likelihood(chance[i])
    hits[i] = Math.log(likelihood(1) / innocent)
    misses[i] = Math.log(likelihood(0) / innocent)
    range += hits[i] - misses[i]
  }
  const unit = Math.max(finestUnit, range / (stepsPerKey * Math.max(1, keys.length)))
  const steps = (nats: Float64Array) => Int32Array.from(nats, (x) => Math.round(x / unit))
  return { keys, hit: steps(hits), miss: steps(misses), chance, unit }
}

/** A copy’s score, in steps. */
export function scoreOf({ keys, hit, miss }: Scoring, answered: Answered, codeword: Uint8Array): number {
  let score = 0
  for (let i = 0; i < keys.length; i++) score += codeword[keys[i]] === answered[keys[i]] ? hit[i] : miss[i]
  return score
}
