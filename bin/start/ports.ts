import { once } from 'node:events'
import { createServer } from 'node:net'
import { KinmarkError } from '../../lib/error'
import { retryUntil } from './retry-until'

/** The children of a supervisor that was killed notice it and end within this time. */
const leftoverSeconds = 3

/** Throws `start.port-taken` when another program listens on the port. The environment variable `variable` sets the port. */
export async function assertPortFree(port: number, program: string, variable: string): Promise<void> {
  await retryUntil('port', () => listenOnce(port), leftoverSeconds).catch((cause) => {
    throw new KinmarkError('start.port-taken', { port, program, variable }, { cause })
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
