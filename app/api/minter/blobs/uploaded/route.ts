import { json, readBody, route } from '@/lib/market/http/route'
import { takeUpload } from '@/lib/market/mint/blob-links'
import { requireMinter } from '@/lib/market/mint/require-minter'
import { uploadedSchema } from '@/lib/minting/blob-link'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  await takeUpload(await readBody(request, uploadedSchema))
  return json({})
})
