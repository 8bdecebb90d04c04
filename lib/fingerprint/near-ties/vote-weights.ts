import { chanceOfFirst, type TieChannel } from './tie-channel'

/** How far each channel trusts a vote, [channels]. */
export function voteReliabilities(channels: readonly TieChannel[], key: number, vote: number): number[] {
  return channels.map((channel) => voteReliability(channel, key, vote))
}

/** How far a vote is trusted in a bet on its bit, 0 to 1: tanh(½ log-likelihood ratio), what Kelly would stake. */
export function voteReliability(channel: TieChannel, key: number, vote: number): number {
  if (vote === 0) return 0
  const first = [-1, 1].map((bit) => chanceOfFirst(channel, key, bit))
  const [against, along] = vote > 0 ? first : [1 - first[1], 1 - first[0]]
  return (along - against) / (along + against)
}
