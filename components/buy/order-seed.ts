import { bytesToHex, type Hex, isHex } from 'viem'
import { storage } from '@/lib/browser/storage'

/** The buyer's seed for the next order of a model, 32 random bytes. Stored before signing, so that a reload keeps it. */
export function orderSeed(modelId: string, account: string): Hex {
  const key = `kinmark.seed.${modelId}.${account}`
  const stored = storage().get(key)
  if (isHex(stored)) return stored
  const seed = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
  storage().set(key, seed)
  return seed
}

export function clearOrderSeed(modelId: string, account: string): void {
  storage().set(`kinmark.seed.${modelId}.${account}`, null)
}
