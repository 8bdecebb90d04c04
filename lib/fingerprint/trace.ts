import { type Answered, type Scoring, scoreOf, scoringOf } from './code/channel'
import type { Code } from './code/code'
import { exactTail } from './code/tail'

export type TracedCopy = {
  /** Index of the copy. */
  copy: number
  /** Its best log-likelihood ratio against an innocent copy, nats. */
  score: number
  /** Exact tail of that score, after the union over all copies and all tests: the chance that any innocent is accused. */
  falseAccusation: number
}

/** Each copy is tested alone and beside those most suspect, as one of so many colluders. */
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
const most = Math.max(...tests.map(({ beside }) => beside))
/** A score this far under the threshold (nats) is not worth its exact tail: nobody is accused by leaving it out. */
const hopeless = 10

/**
 * The copies that had a part in these answers, surest first; `rate` bounds the chance that any innocent copy is among
 * them. A copy is judged beside others as well as alone, which is what names coalitions. That costs no certainty: who it
 * is judged beside follows from the answers and the *other* copies' codewords, an innocent codeword is independent of
 * both, so its score has the same exact tail given them; the union is over all copies and tests.
 */
export function trace(answered: Answered, code: Code, codewords: readonly Uint8Array[], rate: number): TracedCopy[] {
  const best = codewords.map((_, copy): TracedCopy => ({ copy, score: Number.NEGATIVE_INFINITY, falseAccusation: 1 }))
  const union = codewords.length * tests.length
  const least = Math.log(union / rate) - hopeless
  const judge = (copies: readonly number[], suspects: readonly number[]) => {
    for (const { beside, colluders } of tests.filter(({ beside }) => beside <= suspects.length)) {
      const known = suspects.slice(0, beside).map((copy) => codewords[copy])
      const scoring = scoringOf(answered, code, known, colluders)
      const tailOf = lazily(() => exactTail(scoring))
      for (const copy of copies) {
        const steps = scoreOf(scoring, answered, codewords[copy])
        if (steps * scoring.unit < least) continue
        const falseAccusation = Math.min(1, union * tailOf()(steps))
        if (falseAccusation < best[copy].falseAccusation)
          best[copy] = { copy, score: steps * scoring.unit, falseAccusation }
      }
    }
  }
  const suspects = mostSuspect(answered, code, codewords, -1)
  judge(
    best.flatMap(({ copy }) => (suspects.includes(copy) ? [] : [copy])),
    suspects,
  )
  for (const copy of suspects) judge([copy], mostSuspect(answered, code, codewords, copy))
  return best
    .filter(({ falseAccusation }) => falseAccusation <= rate)
    .sort((a, b) => a.falseAccusation - b.falseAccusation || b.score - a.score)
}

/** The likeliest colluders one after another, each given those before, without a look at copy `except`. */
function mostSuspect(answered: Answered, code: Code, codewords: readonly Uint8Array[], except: number): number[] {
  const picked: number[] = []
  const free = new Set(codewords.keys())
  free.delete(except)
  while (picked.length < most && free.size > 0) {
    const known = picked.map((copy) => codewords[copy])
    picked.push(likeliest(scoringOf(answered, code, known, Math.max(2, known.length + 1)), answered, codewords, free))
    free.delete(picked[picked.length - 1])
  }
  return picked
}

function likeliest(
  scoring: Scoring,
  answered: Answered,
  codewords: readonly Uint8Array[],
  among: ReadonlySet<number>,
): number {
  let [best, most] = [-1, Number.NEGATIVE_INFINITY]
  for (const copy of among) {
    const score = scoreOf(scoring, answered, codewords[copy])
    if (score > most) [best, most] = [copy, score]
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
