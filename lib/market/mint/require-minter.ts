import 'server-only'
import { timingSafeEqual } from 'node:crypto'
import { market } from '../context/context'
import { HttpError } from '../http/http-error'

/** Throws `minting.token-wrong` unless the request has the minters' bearer token. */
export async function requireMinter(headers: Headers): Promise<void> {
  const { minterToken } = await market()
  const given = Buffer.from(headers.get('authorization')?.replace(/^Bearer /, '') ?? '')
  const expected = Buffer.from(minterToken)
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new HttpError(401, 'minting.token-wrong')
}
