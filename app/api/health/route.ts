import { json, route } from '@/lib/market/http/route'
import { health } from '@/lib/market/read/health'

export const GET = route(async () => {
  const report = await health()
  return json(report, report.ok ? 200 : 503)
})
