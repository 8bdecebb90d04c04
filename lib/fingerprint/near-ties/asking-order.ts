import { isDisclosed } from '../keyset/is-disclosed'
import { expectedBitByVote } from './expected-bit'
import type { TieChannel } from './tie-channel'

/** The information of a key's answer under one channel, up to a factor. */
const worths = {
  /** The square of E[bit] after the vote that says less: large where the bit alone decides the vote. */
  votes: (channel: TieChannel, k: number) =>
    Math.min(...[1, -1].map((vote) => Math.abs(expectedBitByVote(channel, k, vote)))) ** 2,
  /** The square of the bit's shift, whichever answer is ahead. */
  logOdds: ({ shifts }: TieChannel, k: number) => shifts[k] ** 2,
}

/**
 * The secret keys, the most informative first, so that few questions decide. `by` tells whether the suspect shows votes
 * alone or log odds too. Of several channels, of which any may be that of the model that answers, each counts for as much: by a key's
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
