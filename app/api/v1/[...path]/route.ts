import { preflight, serveApi } from '@/lib/market/api/serve'
import { route } from '@/lib/market/http/route'

export const GET = route<{ path: string[] }>((request, { path }) => serveApi(request, `/${path.join('/')}`))

export const HEAD = GET

export const POST = GET

export const DELETE = GET

export const OPTIONS = () => preflight()
