import { json, route } from '@/lib/market/http/route'
import { readiness } from '@/lib/market/read/health'

/** Whether this process takes requests now: what spreads requests over processes asks here. */
export const GET = route(async () => {
  const report = await readiness()
  return json(report, report.ready ? 200 : 503)
})
