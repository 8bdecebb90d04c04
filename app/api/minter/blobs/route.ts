import { json, readBody, route } from '@/lib/market/http/route'
import { linkTo } from '@/lib/market/mint/blob-links'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { linkRequestSchema } from '@/lib/minting/blob-link'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  return json(await linkTo(await readBody(request, linkRequestSchema)))
})
