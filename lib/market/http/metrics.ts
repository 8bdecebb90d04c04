import 'server-only'
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'

function openMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers })
  return {
    registry,
    requests: new Counter({
      name: 'kinmark_http_requests_total',
      help: 'Answered API requests by route, method and status',
      labelNames: ['route', 'method', 'status'],
      registers,
    }),
    chainHead: gauge('kinmark_chain_head_block', 'Newest block of the chain; NaN while the chain does not answer'),
    indexedBlock: gauge('kinmark_indexed_block', 'Newest indexed block; NaN before the first one'),
    indexLag: gauge('kinmark_index_lag_blocks', 'Blocks that are not indexed yet'),
    leads: gauge('kinmark_indexer_leads', '1 in the process that indexes the chain, 0 in others'),
    indexSpeed: gauge(
      'kinmark_indexer_logs_per_second',
      'Logs that this process indexed a second, over the last minute',
    ),
    indexedLogs: gauge('kinmark_indexer_logs', 'Logs that this process has indexed since it started'),
    waitingJobs: gauge('kinmark_mint_jobs_waiting', 'Orders that wait for a minter'),
  }
}

/** Routes and instrumentation are bundled apart but share one process, hence the global. */
const shared = globalThis as typeof globalThis & { kinmarkMetrics?: ReturnType<typeof openMetrics> }

/** The figures of this process. */
export function metrics() {
  shared.kinmarkMetrics ??= openMetrics()
  return shared.kinmarkMetrics
}

type Params = Record<string, string | string[] | undefined>

/** Next passes no `params` to a route without parameters. */
export function countRequest(request: Request, params: Params | undefined, { status }: Response): void {
  const route = routeOf(new URL(request.url).pathname, params ?? {})
  metrics().requests.inc({ route, method: request.method, status })
}

/**
 * The route of a path: “/api/copies/7” with the parameter id = 7 → “/api/copies/[id]”. “other” when a parameter is not in
 * the path as it is. So the number of labels does not grow with the number of ids.
 */
export function routeOf(pathname: string, params: Params): string {
  let route = `${pathname}/`
  for (const [name, value] of Object.entries(params)) {
    const segments = `/${[value ?? []].flat().join('/')}/`
    if (segments === '//') continue
    const at = route.lastIndexOf(segments)
    if (at < 0) return 'other'
    route = `${route.slice(0, at)}/[${name}]/${route.slice(at + segments.length)}`
  }
  return route.slice(0, -1)
}

type State = {
  chain: { head: number | null; indexed: number | null }
  indexing: { leads: boolean; logsPerSecond: number; logs: number }
  minting: { waiting: number }
}

/** All figures in Prometheus’s text format. */
export async function metricsText({ chain, indexing, minting }: State): Promise<string> {
  const { registry, chainHead, indexedBlock, indexLag, leads, indexSpeed, indexedLogs, waitingJobs } = metrics()
  const head = chain.head ?? Number.NaN
  const indexed = chain.indexed ?? Number.NaN
  chainHead.set(head)
  indexedBlock.set(indexed)
  indexLag.set(head - indexed)
  leads.set(Number(indexing.leads))
  indexSpeed.set(indexing.logsPerSecond)
  indexedLogs.set(indexing.logs)
  waitingJobs.set(minting.waiting)
  return registry.metrics()
}
