import { health } from '@/lib/market/context/health'
import { json, route } from '@/lib/market/http/route'

export const GET = route(async () => {
  const report = await health()
  return json(report, report.ok ? 200 : 503)
})
