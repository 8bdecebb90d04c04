import { type Hex, isHex } from 'viem'

/** The buyer's seed for the next order of a model, 32 random bytes. Stored before signing, so that a reload keeps it. */
export function orderSeed(modelId: string, account: string): Hex {
  const key = `kinmark.seed.${modelId}.${account}`
  const stored = localStorage.getItem(key)
  if (isHex(stored)) return stored
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const seed = `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}` as const
  localStorage.setItem(key, seed)
  return seed
}

export function clearOrderSeed(modelId: string, account: string): void {
  localStorage.removeItem(`kinmark.seed.${modelId}.${account}`)
}
