import type { NextRequest } from 'next/server'
import { HttpError } from '@/lib/market/http/http-error'
import { json, route } from '@/lib/market/http/route'
import { receiveBlob, sendBlob } from '@/lib/market/mint/blob-links'
import { type SignedQuery, signedQuerySchema } from '@/lib/minting/blob-link'

/** Whoever has a link may use it: it names the blob, the method and its end, and is signed. */
export const GET = route<{ sha256: string }>(async (request, { sha256 }) =>
  sendBlob(sha256, queryOf(request), request.headers),
)

export const PUT = route<{ sha256: string }>(async (request, { sha256 }) => {
  await receiveBlob(sha256, queryOf(request), request)
  return json({})
})

function queryOf({ nextUrl }: NextRequest): SignedQuery {
  const { data } = signedQuerySchema.safeParse(Object.fromEntries(nextUrl.searchParams))
  if (!data) throw new HttpError(403, 'minting.link-invalid')
  return data
}
