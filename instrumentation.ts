/** Runs once when the server starts: opens the database and follows the chain before anybody asks. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  const { startServer } = await import('./lib/market/context/start-server')
  await startServer()
}
