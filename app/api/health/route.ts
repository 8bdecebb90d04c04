import { health } from '@/lib/market/health'
import { json, route } from '@/lib/market/route'

export const GET = route(async () => {
  const report = await health()
  return json(report, report.ok ? 200 : 503)
})
