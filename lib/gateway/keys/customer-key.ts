import { createHash, randomBytes } from 'node:crypto'
import type { Hex } from 'viem'
import { z } from 'zod'

/** A key that a host has given to one of its own customers. The key itself is not stored. */
export type CustomerKey = {
  /** SHA-256 of the key. A key has 32 random bytes, so that this needs no salt. */
  hash: Hex
  /** What the host calls its customer. */
  name: string
  /** USDC of 6 decimals for all calls; null for no limit. */
  budget: bigint | null
  /** Calls a minute; null for no limit. */
  perMinute: number | null
  /** Unix seconds; null for never. */
  createdAt: number
  expiresAt: number | null
  revokedAt: number | null
}

const seconds = z.number().int().nonnegative()
export const customerKeySchema = z.object({
  hash: z.custom<Hex>((text) => typeof text === 'string' && /^0x[0-9a-f]{64}$/.test(text)),
  name: z.string(),
  budget: z.string().regex(/^\d+$/).transform(BigInt).nullable(),
  perMinute: z.number().int().positive().nullable(),
  createdAt: seconds,
  expiresAt: seconds.nullable(),
  revokedAt: seconds.nullable(),
})

/** Where the keys of a copy are kept. */
export type KeyStore = {
  find(hash: Hex): Promise<CustomerKey | null>
  list(): Promise<CustomerKey[]>
  add(key: CustomerKey): Promise<void>
  /** The key that was revoked; null where there is none. */
  revoke(id: string, at: number): Promise<CustomerKey | null>
}

const prefix = 'km_'

export const newCustomerKey = (): string => `${prefix}${randomBytes(32).toString('base64url')}`

export const isCustomerKey = (text: string): boolean => text.startsWith(prefix)

export const hashOfKey = (key: string): Hex => `0x${createHash('sha256').update(key).digest('hex')}`

/** What a host calls a key by: the first 8 bytes of its hash. */
export const idOfKey = ({ hash }: Pick<CustomerKey, 'hash'>): string => `key_${hash.slice(2, 18)}`

/** The owner of the key’s purse. */
export const purseOfKey = ({ hash }: Pick<CustomerKey, 'hash'>): Hex => hash
