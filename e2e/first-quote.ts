import { expect } from '@playwright/test'
import { hasKeyPool } from './chain'

const tiny = 1n

/** Waits until the minter has made the key pool of the first demo model: before that, nobody can order a copy of it. */
export default async function firstQuote(): Promise<void> {
  await expect.poll(() => hasKeyPool(tiny), { timeout: 300_000 }).toBe(true)
}
