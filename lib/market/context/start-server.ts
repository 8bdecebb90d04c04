import 'server-only'
import { uploads } from '../publish/uploads'
import { market } from './context'

/** Opens everything that requests need, and ends with the process that started us, so that none is left behind. */
export async function startServer(): Promise<void> {
  await market()
  await uploads()
  const parent = Number(process.env.KINMARK_SUPERVISOR)
  if (parent) setInterval(() => process.ppid === parent || process.exit(0), 1000).unref()
}
