import { deploymentParams } from '@/lib/market/http/id-params'
import { json, route } from '@/lib/market/http/route'
import { hostOrigin } from '@/lib/market/read/hosts'

/** For the policy of a host’s page: where the page may call it. */
export const GET = route<{ copy: string; number: string }>(async (_, params) => {
  const { copyId, number } = deploymentParams(params)
  return json({ origin: await hostOrigin(copyId, number) })
})
