import type { Instrumentation } from 'next'

/** Next calls this once when the server starts. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { startServer } = await import('./lib/market/start-server')
  await startServer()
}

/** Next calls this for an error in a page. The page shows its `digest`. */
export const onRequestError: Instrumentation.onRequestError = async (error, { path, method }, { routePath }) => {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { log } = await import('./lib/log')
  const { digest } = error as { digest?: string }
  log.error({ err: error, digest, method, path, route: routePath }, 'A page could not be made.')
}
