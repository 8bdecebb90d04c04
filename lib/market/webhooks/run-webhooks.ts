import 'server-only'
import { setTimeout as wait } from 'node:timers/promises'
import { log } from '../../log'
import type { Market } from '../context/context'
import { send, takeDue } from './send-due'

/** Requests of this process at a time. */
const most = 20
const idleMs = 1_000

/**
 * Sends what is due, until the process is asked to end; then it waits for what is on its way, at most as long as requests
 * may take. Any number of processes may do so. Errors are logged and retried.
 */
export async function runWebhooks(ctx: Market): Promise<void> {
  const flying = new Set<Promise<void>>()
  while (!ctx.stopping.signal.aborted) {
    const taken = await takeDue(ctx.db, most - flying.size).catch((error) => {
      log.error({ err: error }, 'Due webhook messages could not be read.')
      return []
    })
    for (const one of taken) {
      const sent = send(ctx, one)
        .catch((error) => log.error({ err: error }, 'A webhook message could not be sent.'))
        .finally(() => flying.delete(sent))
      flying.add(sent)
    }
    await (taken.length > 0 && flying.size < most ? wait(0) : Promise.race([...flying, wait(idleMs)]))
  }
  await Promise.race([Promise.all(flying), wait(ctx.env.stopMs)])
}
