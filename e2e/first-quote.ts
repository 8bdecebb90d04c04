import { expect } from '@playwright/test'
import { localAccount } from '../lib/chain/accounts'
import { hasKeyPool } from './chain'
import { commitKnownPool, seatProvers } from './courts'
import { enter, places } from './place'

const [tiny, shakespeare] = [1n, 2n]

/**
 * Waits until each minter has made the key pool of the first demo model: before that, nobody can order a copy of it. Nobody
 * does of the second one, and a pool keeps a core busy for half a minute or more, so that one gets keys that are known.
 * Seats the provers meanwhile, whose stakes must be old enough to judge.
 */
export default async function firstQuote(): Promise<void> {
  for (const place of Object.values(places)) {
    enter(place)
    await commitKnownPool(localAccount('demoCreator'), shakespeare)
  }
  for (const place of Object.values(places)) {
    enter(place)
    await seatProvers()
    await expect.poll(() => hasKeyPool(tiny), { timeout: 300_000 }).toBe(true)
  }
}
