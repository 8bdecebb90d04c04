import type { Hex } from 'viem'

/** The buyer's seed of an order that is not on the chain yet: stored before signing, so that no reload loses it. */
export function seedFor(modelId: string, account: string): Hex {
  const slot = `kinmark.seed.${modelId}.${account}`
  const kept = localStorage.getItem(slot)
  if (kept) return kept as Hex
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  const seed = `0x${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}` as const
  localStorage.setItem(slot, seed)
  return seed
}

export function forgetSeed(modelId: string, account: string): void {
  localStorage.removeItem(`kinmark.seed.${modelId}.${account}`)
}
