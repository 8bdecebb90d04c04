import { isDisclosed } from '../keyset/is-disclosed'
import type { TieChannel } from './tie-channel'
import { voteTrust } from './trust'

/** What a key's answer can say at best, by one channel, in any unit. */
const worths = {
  /** A vote says much where the bit alone decides it. */
  votes: (channel: TieChannel, k: number) =>
    Math.min(...[1, -1].map((vote) => Math.abs(voteTrust(channel, k, vote)))) ** 2,
  /** A lead says much where the bit moves it far, whichever answer is ahead. */
  leads: ({ shifts }: TieChannel, k: number) => shifts[k] ** 2,
}

/**
 * The secret keys, those whose answer says most first: as few questions as can decide. `by`: whether votes alone are seen, or
 * leads too. Of several channels, of which any may be that of the model that answers, each counts for as much: by a key's
 * part in what all keys say together.
 */
export function askingOrder(channels: readonly TieChannel[], by: keyof typeof worths = 'votes'): number[] {
  const worth = new Float64Array(channels[0].shifts.length)
  for (const channel of channels) {
    const own = worth.map((_, k) => worths[by](channel, k))
    const all = own.reduce((sum, x) => sum + x, 0)
    if (all > 0) for (const [k, x] of own.entries()) worth[k] += x / all
  }
  return Array.from(worth, (_, k) => k)
    .filter((k) => !isDisclosed(k))
    .sort((a, b) => worth[b] - worth[a] || a - b)
}
