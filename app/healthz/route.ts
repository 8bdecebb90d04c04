import { json, route } from '@/lib/market/http/route'

/** Whether this process runs, whatever else does: what restarts it asks here. */
export const GET = route(async () => json({ ok: true }))

/** Never answered from the build. */
export const dynamic = 'force-dynamic'
