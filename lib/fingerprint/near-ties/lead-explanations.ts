import { type Explanations, explanations } from './explanations'
import { leadDensity, scatterOf } from './lead-surprises'
import type { TieChannel } from './tie-channel'

/** How far copies lean: as far as the pilots, more where nothing was attacked, less where much was. */
const strengths = [1.6, 1, 0.5]
/** What else moves a lead, in parts of the leads' own surprise, of which the bits may be most. */
const noises = [1, 0.5, 0.25]

/** Weights averaged, and then perhaps attacked. */
const averaged = Object.fromEntries(
  strengths.flatMap((strength) => noises.map((noise) => [`averaged ${strength} ${noise}`, { strength, noise }])),
)
/** One copy answers a question. The chance that it leans to the first answer, where `along` of `members` do. */
const oneAnswers: Record<string, (along: number, members: number) => number> = {
  oneAtRandom: (along, members) => along / members,
  majority: (along, members) => most(along, members),
  minority: (along, members) => (along === 0 || along === members ? along / members : 1 - most(along, members)),
}
const noiseOfOne = 0.5

const most = (along: number, members: number) => (1 + Math.sign(2 * along - members)) / 2

const alone = [
  ['averaged 1 1', 1],
  ['averaged 1 1', 3],
  ['averaged 1 0.5', 5],
  ['oneAtRandom', 5],
  ['minority', 5],
] as const

/** Part of the leads that follow no model, and how much further they scatter. */
const blur = { part: 0.02, times: 4 }

/** What may have made leads [N] differ by `surprises`, nats, from what the bits have no part in; NaN where no lead was shown. */
export function leadExplanations({ shifts }: TieChannel, surprises: Float64Array): Explanations {
  const scatter = scatterOf(surprises)
  const blurred = (surprise: number) => blur.part * leadDensity(surprise, blur.times * scatter)
  const chance = (surprise: number, lean: number, noise: number) =>
    (1 - blur.part) * leadDensity(surprise - lean, noise * scatter)
  return explanations(
    { strategies: [...Object.keys(averaged), ...Object.keys(oneAnswers)], alone },
    surprises.length,
    (k) => !Number.isNaN(surprises[k]),
    (strategy, k, members, along) => {
      const [x, shift] = [surprises[k], shifts[k]]
      const merged = averaged[strategy]
      if (merged) {
        const lean = merged.strength * shift * ((2 * along) / members - 1)
        return Math.log(chance(x, lean, merged.noise) + blurred(x))
      }
      const first = oneAnswers[strategy](along, members)
      const [yes, no] = [1, -1].map((side) => chance(x, side * shift, noiseOfOne))
      return Math.log(first * yes + (1 - first) * no + blurred(x))
    },
  )
}
