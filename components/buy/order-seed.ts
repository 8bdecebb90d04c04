import type { Hex } from 'viem'
import { storage } from '@/lib/browser/storage'

/** The buyer's seed for the next order of a model, 32 random bytes. Stored before signing, so that a reload keeps it. */
export function orderSeed(modelId: string, account: string): Hex {
  const key = `kinmark.seed.${modelId}.${account}`
  const stored = storage().get(key)
  if (isSeed(stored)) return stored
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const seed: Hex = `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
  storage().set(key, seed)
  return seed
}

const isSeed = (text: string | null): text is Hex => text !== null && /^0x[0-9a-f]{64}$/.test(text)

export function clearOrderSeed(modelId: string, account: string): void {
  storage().set(`kinmark.seed.${modelId}.${account}`, null)
}
