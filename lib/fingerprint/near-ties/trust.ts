import { leadDensity, leadRegression } from './lead-surprises'
import { chanceOfFirst, type TieChannel } from './tie-channel'

/** Part of the votes that follow no channel: one that neither bit explains says nothing. */
const blur = 0.01

/** How far a vote is trusted to say its key's bit, −1 to 1: tanh(½ log-likelihood ratio), what Kelly would stake. */
export function voteTrust(channel: TieChannel, key: number, vote: number): number {
  if (vote === 0) return 0
  const first = [-1, 1].map((bit) => (1 - blur) * chanceOfFirst(channel, key, bit) + blur / 2)
  const [minus, plus] = vote > 0 ? first : first.map((chance) => 1 - chance)
  return (plus - minus) / (plus + minus)
}

/** How many leads the scatter that is expected counts for. */
const expectedScatter = 16

/**
 * How far leads are trusted, as they come: each by what the leads before it, and itself, say about the model. One number a
 * channel, −1 to 1; all 0 where no lead is shown (NaN).
 */
export function leadTrusts(channels: readonly TieChannel[], gaps: Float64Array) {
  const expected = leadRegression(channels, gaps)
  const [{ shifts, noise }] = channels
  let count = expectedScatter
  let squares = count * (noise ** 2 + shifts.reduce((sum, shift) => sum + shift ** 2, 0) / shifts.length)
  return (key: number, lead: number): number[] => {
    if (Number.isNaN(lead)) return channels.map(() => 0)
    expected.add(key, lead)
    const surprise = lead - expected.solved()(key)
    squares += surprise ** 2
    const deviation = Math.sqrt(squares / ++count)
    return channels.map(({ shifts }) => {
      const [minus, plus] = [-1, 1].map((bit) => leadDensity(surprise - bit * shifts[key], deviation))
      return plus + minus > 0 ? (plus - minus) / (plus + minus) : 0
    })
  }
}
