import 'server-only'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Upper bounds in seconds: pages take milliseconds, downloads minutes. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60, 600]

function openMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name, help, labelNames, registers })
  const counter = (name: string, help: string, labelNames: string[]) =>
    new Counter({ name, help, labelNames, registers })
  return {
    registry,
    requests: counter('kinmark_http_requests_total', 'Answered requests by route, method and status', [
      'route',
      'method',
      'status',
    ]),
    requestSeconds: new Histogram({
      name: 'kinmark_http_request_seconds',
      help: 'Seconds from a request to the end of its answer',
      labelNames: ['route', 'method'],
      buckets,
      registers,
    }),
    limited: counter('kinmark_rate_limited_total', 'Uses that were refused because there were too many', ['limit']),
    away: counter('kinmark_part_away_total', 'Requests that failed because a part did not answer', ['part']),
    blobBytes: counter('kinmark_blob_bytes_total', 'Bytes of blobs that this process has read or written', [
      'direction',
    ]),
    freeBytes: gauge('kinmark_disk_free_bytes', 'Free bytes where the data folder is'),
    ready: gauge('kinmark_ready', '1 while this process takes requests; see /readyz'),
    chainHead: gauge('kinmark_chain_head_block', 'Newest block of the chain; NaN while the chain does not answer'),
    indexedBlock: gauge('kinmark_indexed_block', 'Newest indexed block; NaN before the first one'),
    indexLag: gauge('kinmark_index_lag_blocks', 'Blocks that are not indexed yet'),
    leads: gauge('kinmark_indexer_leads', '1 in the process that indexes the chain, 0 in others'),
    indexSpeed: gauge(
      'kinmark_indexer_logs_per_second',
      'Logs that this process indexed a second, over the last minute',
    ),
    indexedLogs: gauge('kinmark_indexer_logs', 'Logs that this process has indexed since it started'),
    jobs: gauge('kinmark_mint_jobs', 'Orders by state: waiting, deferred for another try, active, failed for good', [
      'state',
    ]),
  }
}

/** Routes and instrumentation are bundled apart but share one process, hence the global. */
const shared = globalThis as typeof globalThis & { kinmarkMetrics?: ReturnType<typeof openMetrics> }

/** The figures of this process. */
export function metrics() {
  shared.kinmarkMetrics ??= openMetrics()
  return shared.kinmarkMetrics
}

type State = {
  ready: boolean
  chain: { head: number | null; indexed: number | null }
  indexing: { leads: boolean; logsPerSecond: number; logs: number }
  minting: { waiting: number; deferred: number; active: number; failed: number }
  freeBytes: number
}

/** All figures in Prometheus’s text format. */
export async function metricsText({ ready, chain, indexing, minting, freeBytes }: State): Promise<string> {
  const all = metrics()
  const head = chain.head ?? Number.NaN
  const indexed = chain.indexed ?? Number.NaN
  all.ready.set(Number(ready))
  all.freeBytes.set(freeBytes)
  all.chainHead.set(head)
  all.indexedBlock.set(indexed)
  all.indexLag.set(head - indexed)
  all.leads.set(Number(indexing.leads))
  all.indexSpeed.set(indexing.logsPerSecond)
  all.indexedLogs.set(indexing.logs)
  for (const [state, jobs] of Object.entries(minting)) all.jobs.set({ state }, jobs)
  return all.registry.metrics()
}
