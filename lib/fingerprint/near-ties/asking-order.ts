import { isDisclosed } from '../keyset/key-set-entry'
import type { TieChannel } from './tie-channel'
import { voteReliability } from './vote-weights'

/** How far the less telling of a key's two answers is trusted, 0 to 1, [N]. */
export function surenessOf(channel: TieChannel): Float64Array {
  return channel.shifts.map((_, k) => Math.min(...[1, -1].map((vote) => voteReliability(channel, k, vote))))
}

/** The secret keys, those whose answer says most first: as few questions as can decide. */
export function askingOrder(channel: TieChannel): number[] {
  const worth = surenessOf(channel)
  return Array.from(worth, (_, k) => k)
    .filter((k) => !isDisclosed(k))
    .sort((a, b) => worth[b] - worth[a] || a - b)
}
