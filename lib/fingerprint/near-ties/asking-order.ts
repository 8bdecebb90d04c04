import { isDisclosed } from '../keyset/is-disclosed'
import type { TieChannel } from './tie-channel'
import { voteReliability } from './vote-weights'

/**
 * The secret keys, those whose answer says most first: as few questions as can decide. Of several channels, of which any
 * may be that of the model that answers, each counts for as much: by a key's part in what all keys say together.
 */
export function askingOrder(channels: readonly TieChannel[]): number[] {
  const worth = new Float64Array(channels[0].shifts.length)
  for (const channel of channels) {
    const own = worth.map((_, k) => Math.min(...[1, -1].map((vote) => voteReliability(channel, k, vote))) ** 2)
    const all = own.reduce((sum, x) => sum + x, 0)
    if (all > 0) for (const [k, x] of own.entries()) worth[k] += x / all
  }
  return Array.from(worth, (_, k) => k)
    .filter((k) => !isDisclosed(k))
    .sort((a, b) => worth[b] - worth[a] || a - b)
}
