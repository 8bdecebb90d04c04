import { robustDeviation } from '../stats/least-squares'
import { byMajority, byMinority, cachedLikelihoods, type Likelihoods } from './likelihoods'
import { logisticDensity } from './log-odds-residuals'
import type { TieChannel } from './tie-channel'

/** Strengths of a bit, in parts of the shift that pilots showed: above 1 without an attack, below 1 after a hard one. */
const strengths = [1.6, 1, 0.5]
/** Standard deviations of the noise, in parts of the residuals' own. Bits may cause most of a residual, so the parts are small. */
const noises = [1, 0.5, 0.25]

/** Strategies that average the members' weights and may attack the average. */
const averaged = Object.fromEntries(
  strengths.flatMap((strength) => noises.map((noise) => [`averaged ${strength} ${noise}`, { strength, noise }])),
)
/** Strategies that let one member answer each question: P(that member leans to the first answer). */
const oneAnswers: Record<string, (along: number, members: number) => number> = {
  oneAtRandom: (along, members) => along / members,
  majority: byMajority,
  minority: byMinority,
}
const noiseOfOne = 0.5

const alone = [
  ['averaged 1 1', 1],
  ['averaged 1 1', 3],
  ['averaged 1 0.5', 5],
  ['oneAtRandom', 5],
  ['minority', 5],
] as const

/** Outliers: their part among all residuals, and how many times as far they scatter. */
const outliers = { part: 0.02, times: 4 }

/** Likelihoods of log odds by their `residuals`, nats, [N]; see `logOddsResiduals`. NaN marks a key without log odds. */
export function logOddsLikelihoods({ shifts }: TieChannel, residuals: Float64Array): Likelihoods {
  const deviation = robustDeviation(residuals)
  const density = (residual: number, expected: number, noise: number) =>
    (1 - outliers.part) * logisticDensity(residual - expected, noise * deviation)
  const densityOfOutlier = (residual: number) => outliers.part * logisticDensity(residual, outliers.times * deviation)
  return cachedLikelihoods(
    { strategies: [...Object.keys(averaged), ...Object.keys(oneAnswers)], alone },
    residuals.length,
    (k) => !Number.isNaN(residuals[k]),
    (strategy, k, members, along) => {
      const [residual, shift] = [residuals[k], shifts[k]]
      const average = averaged[strategy]
      if (average) {
        const expected = average.strength * shift * ((2 * along) / members - 1)
        return Math.log(density(residual, expected, average.noise) + densityOfOutlier(residual))
      }
      const first = oneAnswers[strategy](along, members)
      const [plus, minus] = [1, -1].map((bit) => density(residual, bit * shift, noiseOfOne))
      return Math.log(first * plus + (1 - first) * minus + densityOfOutlier(residual))
    },
  )
}
