import { answerPage } from '@/lib/market/api/serve'
import { route } from '@/lib/market/http/route'
import { requireSession } from '@/lib/market/http/session'

/** The endpoints of `/api/v1/webhooks`, for the account that is signed in on our page. */
export const GET = route<{ path?: string[] }>(async (request, { path = [] }) =>
  answerPage(request, ['/webhooks', ...path].join('/'), await requireSession()),
)

export const POST = GET

export const DELETE = GET
