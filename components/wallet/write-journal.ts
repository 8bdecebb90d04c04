import type { Address } from 'viem'
import { storage } from '@/lib/browser/storage'
import { advance, isWriteRecord, type WriteEvent, type WriteRecord } from '@/lib/chain/writes/record'

/** Names what an account wants to do once, such as “order.7”. */
export type Intent = { chainId: number; account: Address; name: string }

export const keyOf = ({ chainId, account, name }: Intent) => `kinmark.write.${chainId}.${account}.${name}`

const parsed = new Map<string, { text: string; record: WriteRecord }>()

/** The last attempt under this key, in whichever tab it was made. The same object until it changes. */
export function readRecord(key: string): WriteRecord | null {
  const text = storage().get(key)
  if (text === null) return null
  const known = parsed.get(key)
  if (known?.text === text) return known.record
  try {
    const record: unknown = JSON.parse(text)
    if (!isWriteRecord(record)) return null
    parsed.set(key, { text, record })
    return record
  } catch {
    return null
  }
}

export function writeRecord(key: string, record: WriteRecord | null): void {
  storage().set(key, record && JSON.stringify(record))
}

/** Tells an attempt what happened, unless a newer one has replaced it. */
export function tellRecord(key: string, id: string, event: WriteEvent): void {
  const record = readRecord(key)
  if (record?.id !== id) return
  const next = advance(record, event)
  if (next !== record) writeRecord(key, next)
}
