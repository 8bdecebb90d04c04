import { logisticDensity, logOddsRegression } from './log-odds-residuals'
import { chanceOfFirst, type TieChannel } from './tie-channel'

/** The part of votes that follow no channel. A vote that neither bit explains then says nothing. */
const noise = 0.01

/** E[bit | vote] of a fair bit, −1 to 1: tanh(½ log-likelihood ratio), the stake of a Kelly bet. */
export function expectedBitByVote(channel: TieChannel, key: number, vote: number): number {
  if (vote === 0) return 0
  const first = [-1, 1].map((bit) => (1 - noise) * chanceOfFirst(channel, key, bit) + noise / 2)
  const [minus, plus] = vote > 0 ? first : first.map((chance) => 1 - chance)
  return (plus - minus) / (plus + minus)
}

/** The deviation that pilots predict weighs as much as this many keys. */
const keysOfPrior = 16

/**
 * E[bit | log odds] by each channel, [channels], −1 to 1, for keys that come one by one. The regression and the deviation
 * follow from the log odds so far. NaN, for a key without log odds, gives 0.
 */
function expectedBitsByLogOdds(channels: readonly TieChannel[], gaps: Float64Array) {
  const regression = logOddsRegression(channels, gaps)
  const [{ shifts, noise }] = channels
  let count = keysOfPrior
  let squares = count * (noise ** 2 + shifts.reduce((sum, shift) => sum + shift ** 2, 0) / shifts.length)
  return (key: number, logOdds: number): number[] => {
    if (Number.isNaN(logOdds)) return channels.map(() => 0)
    regression.add(key, logOdds)
    const residual = logOdds - regression.solved()(key)
    squares += residual ** 2
    const deviation = Math.sqrt(squares / ++count)
    return channels.map(({ shifts }) => {
      const [minus, plus] = [-1, 1].map((bit) => logisticDensity(residual - bit * shifts[key], deviation))
      return plus + minus > 0 ? (plus - minus) / (plus + minus) : 0
    })
  }
}

/** The bettors of `Wealth` for answers that come one by one: one for each channel, and a second one where log odds are shown. */
export function bettorsOf(channels: readonly TieChannel[], gaps: Float64Array, showsLogOdds: boolean) {
  const byLogOdds = showsLogOdds ? expectedBitsByLogOdds(channels, gaps) : () => []
  return {
    count: (showsLogOdds ? 2 : 1) * channels.length,
    /** Each bettor's E[bit], [count], given a vote and log odds; NaN where none are shown. */
    expectedBits: (key: number, vote: number, logOdds: number): number[] => [
      ...channels.map((channel) => expectedBitByVote(channel, key, vote)),
      ...byLogOdds(key, logOdds),
    ],
  }
}
