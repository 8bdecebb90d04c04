import { isDisclosed } from '../keyset/is-disclosed'
import type { TieChannel } from './tie-channel'
import { voteReliability } from './vote-weights'

/** The secret keys, those whose answer says most first: as few questions as can decide. */
export function askingOrder(channel: TieChannel): number[] {
  const worth = channel.shifts.map((_, k) => Math.min(...[1, -1].map((vote) => voteReliability(channel, k, vote))))
  return Array.from(worth, (_, k) => k)
    .filter((k) => !isDisclosed(k))
    .sort((a, b) => worth[b] - worth[a] || a - b)
}
