import 'server-only'
import type { NextRequest } from 'next/server'
import { market } from '../context/context'
import { HttpError } from './http-error'

/**
 * Allows requests of this server’s own pages only. Their origin is compared with the configured ones and never with the
 * `Host` header, since a page of another site chooses its own `Host`. Throws `market.origin-foreign`.
 */
export async function requireOwnPage(request: NextRequest): Promise<void> {
  const { env } = await market()
  const origin = request.headers.get('origin') ?? ''
  if (!env.origins.includes(origin)) throw new HttpError(403, 'market.origin-foreign', { origin })
}
