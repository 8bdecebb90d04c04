import { json, route } from '@/lib/market/http/route'
import { claimVersion } from '@/lib/market/mint/claim-version'
import { requireMinter } from '@/lib/market/mint/require-minter'

export const POST = route(async (request) => {
  await requireMinter(request.headers)
  const version = await claimVersion()
  return version ? json(version) : new Response(null, { status: 204 })
})
