import 'server-only'
import { unknownVariables } from '../env'
import { log } from '../log'
import { market } from './context/context'
import { probeHosts } from './hosts/probe-hosts'
import { guardForwardingHeaders } from './http/client-address'
import { builtRouteNames } from './http/route-names'
import { watchRequests } from './http/watch-requests'
import { uploads } from './publish/uploads'
import { removeExpired } from './remove-expired'
import { runIndexer } from './run-indexer'
import { stopOnSignal } from './stop-on-signal'
import { runWebhooks } from './webhooks/run-webhooks'
import { warnHosts } from './webhooks/warn-hosts'

const hourMs = 3_600_000

/** Opens everything that requests need and starts the indexer. Ends this process when the supervisor that started it is gone. */
export async function startServer(): Promise<void> {
  for (const variable of unknownVariables()) log.warn({ variable }, 'Nothing reads this environment variable.')
  const ctx = await market()
  guardForwardingHeaders(ctx.env.proxies)
  watchRequests(builtRouteNames())
  await uploads()
  stopOnSignal(ctx, { indexing: runIndexer(ctx), sending: runWebhooks(ctx) })
  probeHosts(ctx)
  warnHosts(ctx)
  setInterval(() => removeExpired(ctx), hourMs).unref()
  const parent = Number(process.env.KINMARK_SUPERVISOR)
  if (parent) setInterval(() => process.ppid === parent || process.exit(0), 1000).unref()
}
