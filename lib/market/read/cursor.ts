import 'server-only'
import { HttpError } from '../http/http-error'

/** Where a list goes on: the sort value and the id of the last row. Opaque to clients. */
export type Place = { value: string; id: string }

const longest = 400

export function writeCursor({ value, id }: Place): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url')
}

/** Throws `market.cursor-invalid` for what `writeCursor` has not written, or where `isValue` refuses the value. */
export function readCursor(cursor: string, isValue: RegExp): Place {
  const found = cursor.length <= longest ? parse(Buffer.from(cursor, 'base64url').toString()) : null
  if (!Array.isArray(found) || found.length !== 2) throw new HttpError(400, 'market.cursor-invalid')
  const [value, id] = found
  const isPlace =
    typeof value === 'string' && isValue.test(value) && typeof id === 'string' && /^[\w:.-]{1,100}$/.test(id)
  if (!isPlace) throw new HttpError(400, 'market.cursor-invalid')
  return { value, id }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
