import type { Random } from '../../lib/fingerprint/stats/random'

/** Combines the answers of several hosts, each with a copy of its own, to one key; −1 is no answer. */
export type Collusion = (answers: readonly number[], random: Random) => number

const count = (answers: readonly number[], answer: number) => answers.filter((each) => each === answer).length
const oneOf = (answers: readonly number[], random: Random) => answers[Math.floor(random() * answers.length)]

export const collusions: Record<string, Collusion> = {
  majority: (answers, random) => {
    const most = Math.max(...answers.map((answer) => count(answers, answer)))
    return oneOf(
      [...new Set(answers)].filter((answer) => count(answers, answer) === most),
      random,
    )
  },
  minority: (answers, random) => {
    const least = Math.min(...answers.map((answer) => count(answers, answer)))
    return oneOf(
      [...new Set(answers)].filter((answer) => count(answers, answer) === least),
      random,
    )
  },
  'refuse unless unanimous': (answers) => (new Set(answers).size === 1 ? answers[0] : -1),
  'one at random': (answers, random) => oneOf(answers, random),
}
