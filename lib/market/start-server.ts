import 'server-only'
import { market } from './context/context'
import { probeHosts } from './hosts/probe-hosts'
import { guardForwardingHeaders } from './http/client-address'
import { uploads } from './publish/uploads'
import { removeExpired } from './remove-expired'
import { runIndexer } from './run-indexer'

const hourMs = 3_600_000

/** Opens everything that requests need and starts the indexer. Ends this process when the supervisor that started it is gone. */
export async function startServer(): Promise<void> {
  const ctx = await market()
  guardForwardingHeaders(ctx.env.proxies)
  await uploads()
  runIndexer(ctx)
  probeHosts(ctx)
  setInterval(() => removeExpired(ctx), hourMs).unref()
  const parent = Number(process.env.KINMARK_SUPERVISOR)
  if (parent) setInterval(() => process.ppid === parent || process.exit(0), 1000).unref()
}
