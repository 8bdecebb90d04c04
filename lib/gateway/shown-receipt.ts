import type { Json } from './formats/format'
import type { StoredReceipt } from './log/records'

/** The id of a receipt as clients see it. */
export const shownId = (id: StoredReceipt['id']): string => `rcpt_${id.slice(2)}`

export function parseId(text: string): StoredReceipt['id'] | null {
  const [, hex] = /^rcpt_([0-9a-f]{32})$/.exec(text) ?? []
  return hex === undefined ? null : `0x${hex}`
}

/** A receipt as its client gets it, with what it needs to check it. Whole numbers are decimal strings. */
export function shownReceipt({ id, receipt, signature, salt, price, counted }: StoredReceipt): Json {
  const fields = Object.entries(receipt).map(([name, value]) => [name, typeof value === 'bigint' ? `${value}` : value])
  return { id: shownId(id), receipt: Object.fromEntries(fields), signature, salt, price: `${price}`, counted }
}
