import { type Answered, type Scoring, scoreOf, scoringOf } from './code/channel'
import type { Code } from './code/code'
import { exactTail } from './code/tail'

export type TracedCopy = {
  /** Index of the copy. */
  copy: number
  /** Its best log-likelihood ratio against an innocent copy, nats. */
  score: number
  /** Probability that any innocent copy is accused: exact tail of the score, union bound over all copies and tests. */
  falseAccusation: number
}

/** Each copy is tested as one of `colluders`, of which the `beside` most suspect copies are taken as known. */
const tests = [
  { beside: 0, colluders: 1 },
  { beside: 0, colluders: 2 },
  { beside: 0, colluders: 4 },
  { beside: 1, colluders: 2 },
  { beside: 1, colluders: 3 },
  { beside: 2, colluders: 3 },
  { beside: 2, colluders: 5 },
  { beside: 3, colluders: 4 },
  { beside: 4, colluders: 5 },
]
const maxBeside = Math.max(...tests.map(({ beside }) => beside))
/** The exact tail is not computed for a score this far below the threshold, nats; such a copy is not accused. */
const scoreSlack = 10

/**
 * The copies that contributed to these answers, most certain first. `rate` bounds the probability that any innocent
 * copy is among them.
 *
 * Testing a copy together with the most suspect others finds coalitions, and keeps the error rate: the others are chosen
 * from the answers and the *other* copies’ codewords only. An innocent codeword is independent of both, so given them its
 * score has the same exact tail. The union bound is over all copies and tests.
 */
export function trace(answered: Answered, code: Code, codewords: readonly Uint8Array[], rate: number): TracedCopy[] {
  const best = codewords.map((_, copy): TracedCopy => ({ copy, score: Number.NEGATIVE_INFINITY, falseAccusation: 1 }))
  const union = codewords.length * tests.length
  const minScore = Math.log(union / rate) - scoreSlack
  const test = (copies: readonly number[], suspects: readonly number[]) => {
    for (const { beside, colluders } of tests.filter(({ beside }) => beside <= suspects.length)) {
      const known = suspects.slice(0, beside).map((copy) => codewords[copy])
      const scoring = scoringOf(answered, code, known, colluders)
      const tailOf = lazily(() => exactTail(scoring))
      for (const copy of copies) {
        const steps = scoreOf(scoring, answered, codewords[copy])
        if (steps * scoring.unit < minScore) continue
        const falseAccusation = Math.min(1, union * tailOf()(steps))
        if (falseAccusation < best[copy].falseAccusation)
          best[copy] = { copy, score: steps * scoring.unit, falseAccusation }
      }
    }
  }
  const suspects = mostSuspect(answered, code, codewords, -1)
  test(
    best.flatMap(({ copy }) => (suspects.includes(copy) ? [] : [copy])),
    suspects,
  )
  for (const copy of suspects) test([copy], mostSuspect(answered, code, codewords, copy))
  return best
    .filter(({ falseAccusation }) => falseAccusation <= rate)
    .sort((a, b) => a.falseAccusation - b.falseAccusation || b.score - a.score)
}

/** The most suspect copies, each chosen given those before it. Does not look at the codeword of copy `except`. */
function mostSuspect(answered: Answered, code: Code, codewords: readonly Uint8Array[], except: number): number[] {
  const picked: number[] = []
  const free = new Set(codewords.keys())
  free.delete(except)
  while (picked.length < maxBeside && free.size > 0) {
    const known = picked.map((copy) => codewords[copy])
    picked.push(bestScored(scoringOf(answered, code, known, Math.max(2, known.length + 1)), answered, codewords, free))
    free.delete(picked[picked.length - 1])
  }
  return picked
}

function bestScored(
  scoring: Scoring,
  answered: Answered,
  codewords: readonly Uint8Array[],
  among: ReadonlySet<number>,
): number {
  let [best, highest] = [-1, Number.NEGATIVE_INFINITY]
  for (const copy of among) {
    const score = scoreOf(scoring, answered, codewords[copy])
    if (score > highest) [best, highest] = [copy, score]
  }
  return best
}

function lazily<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
