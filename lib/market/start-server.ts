import 'server-only'
import { market } from './context/context'
import { uploads } from './publish/uploads'
import { runIndexer } from './run-indexer'

/** Opens everything that requests need and starts the indexer. Ends this process when the supervisor that started it is gone. */
export async function startServer(): Promise<void> {
  const ctx = await market()
  await uploads()
  runIndexer(ctx)
  const parent = Number(process.env.KINMARK_SUPERVISOR)
  if (parent) setInterval(() => process.ppid === parent || process.exit(0), 1000).unref()
}
