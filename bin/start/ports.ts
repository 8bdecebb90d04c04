import { once } from 'node:events'
import { createServer } from 'node:net'
import { LegacyError } from '../../lib/error'
import { retryUntil } from './retry-until'

/** What a supervisor that was killed left behind ends within this time by itself. */
const patienceSeconds = 3

/** Refuses a port that somebody listens on. `variable` is how to choose another. */
export async function assertPortFree(port: number, what: string, variable: string): Promise<void> {
  await retryUntil('The port', () => listenOnce(port), patienceSeconds).catch((cause) => {
    throw new LegacyError(
      `Port ${port} for the ${what} is taken: stop what listens there, or choose another with ${variable}=${port + 10} npm start.`,
      { cause },
    )
  })
}

async function listenOnce(port: number): Promise<void> {
  const server = createServer()
  try {
    server.listen(port)
    await once(server, 'listening')
  } finally {
    server.close()
  }
}
