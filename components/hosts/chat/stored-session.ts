import type { Address, Hex } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { storage } from '@/lib/browser/storage'
import { emptyPayerAccount, type PayerAccount, payerAccountSchema, payerAccountToJson } from '@/lib/payer/account'

/** A key of this browser that may spend what its user has reserved for one host, and what it has spent. */
export type StoredSession = { key: Hex; account: PayerAccount }

export type SessionPlace = { chainId: number; userLedger: Address; copyId: string; user: Address }

const nameOf = ({ chainId, userLedger, copyId, user }: SessionPlace) =>
  `kinmark.session.${chainId}.${userLedger.toLowerCase()}.${copyId}.${user.toLowerCase()}`

/** The session as it is stored. What is not readable is left alone: null. */
function readSession(place: SessionPlace): StoredSession | null {
  try {
    const { key, account } = JSON.parse(storage().get(nameOf(place)) ?? 'null') ?? {}
    const parsed = payerAccountSchema.safeParse(account)
    return /^0x[0-9a-f]{64}$/.test(key) && parsed.success ? { key, account: parsed.data } : null
  } catch {
    return null
  }
}

export function storeSession(place: SessionPlace, { key, account }: StoredSession): void {
  storage().set(nameOf(place), JSON.stringify({ key, account: payerAccountToJson(account) }))
}

/** The session of this browser, with a new key where there is none. The key is stored before anybody is asked to name it. */
export function ensureSession(place: SessionPlace): StoredSession {
  const stored = readSession(place)
  if (stored) return stored
  const made = { key: generatePrivateKey(), account: emptyPayerAccount }
  storeSession(place, made)
  return made
}
