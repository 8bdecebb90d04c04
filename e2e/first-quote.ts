import { expect } from '@playwright/test'
import { hasKeyPool } from './chain'
import { seatProvers } from './courts'

const tiny = 1n

/**
 * Waits until the minter has made the key pool of the first demo model: before that, nobody can order a copy of it. Seats
 * the provers meanwhile, whose stakes must be old enough to judge.
 */
export default async function firstQuote(): Promise<void> {
  await seatProvers()
  await expect.poll(() => hasKeyPool(tiny), { timeout: 300_000 }).toBe(true)
}
