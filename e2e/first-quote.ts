import { expect } from '@playwright/test'
import { hasKeyPool } from './chain'
import { seatProvers } from './courts'
import { enter, places } from './place'

const tiny = 1n

/**
 * Waits until each minter has made the key pool of the first demo model: before that, nobody can order a copy of it. Seats
 * the provers meanwhile, whose stakes must be old enough to judge.
 */
export default async function firstQuote(): Promise<void> {
  for (const place of Object.values(places)) {
    enter(place)
    await seatProvers()
    await expect.poll(() => hasKeyPool(tiny), { timeout: 300_000 }).toBe(true)
  }
}
