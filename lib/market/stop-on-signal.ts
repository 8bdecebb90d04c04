import 'server-only'
import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { log } from '../log'
import type { Market } from './context/context'
import { onEveryRequest } from './http/on-request'

const signals = ['SIGTERM', 'SIGINT'] as const

/**
 * On SIGTERM: says at /readyz that this process takes no more requests, hands the lead on, lets the requests that run end,
 * closes the database and exits. What takes longer than KINMARK_STOP_SECONDS is cut: uploads and downloads resume.
 */
export function stopOnSignal(ctx: Market, indexing: Promise<void>): void {
  const servers = new Set<Server>()
  onEveryRequest((_, response, pass, server) => {
    servers.add(server)
    if (ctx.stopping.signal.aborted) response.setHeader('connection', 'close')
    return pass()
  })
  for (const signal of signals) process.on(signal, () => void stop(ctx, indexing, servers))
}

/** `exit` ends the process. A second call does nothing. */
export async function stop(
  ctx: Market,
  indexing: Promise<void>,
  servers: ReadonlySet<Server>,
  exit: (code: number) => void = process.exit,
): Promise<void> {
  const { stopping, env } = ctx
  if (stopping.signal.aborted) return
  stopping.abort()
  log.info('Stopping: this process takes no more requests.')
  const indexed = indexing.then(() => ctx.leader.close())
  try {
    await wait(env.drainMs)
    await Promise.all([...servers].map((server) => closed(server, env.stopMs)))
    await indexed
    await ctx.close()
    log.info('Stopped.')
    exit(0)
  } catch (error) {
    log.error({ err: error }, 'This process did not stop in order.')
    exit(1)
  }
}

/** Takes no more connections, and waits until the requests that run have ended, at most so long. */
async function closed(server: Server, mostMs: number): Promise<void> {
  const ended = new Promise<void>((resolve) => server.close(() => resolve()))
  const idle = setInterval(() => server.closeIdleConnections(), 100)
  const late = setTimeout(() => server.closeAllConnections(), mostMs)
  await ended
  clearInterval(idle)
  clearTimeout(late)
}
