import { metrics, metricsText } from '@/lib/market/context/metrics'
import { route } from '@/lib/market/http/route'
import { figures } from '@/lib/market/read/health'

/** For Prometheus. */
export const GET = route(async () => {
  const headers = { 'content-type': metrics().registry.contentType, 'cache-control': 'no-store' }
  return new Response(await metricsText(await figures()), { headers })
})
