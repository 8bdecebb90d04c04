import { setTimeout as wait } from 'node:timers/promises'
import { KinmarkError } from '../../lib/error'
import type { StartErrors } from '../../lib/errors/start'

const pauseMs = 100

/** Calls `attempt` until it succeeds. After `seconds` of failures, throws `start.not-ready` with the last one as its cause. */
export async function retryUntil<T>(
  part: StartErrors['start.not-ready']['part'],
  attempt: () => Promise<T>,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    try {
      return await attempt()
    } catch (cause) {
      if (Date.now() > deadline) throw new KinmarkError('start.not-ready', { part, seconds }, { cause })
      await wait(pauseMs)
    }
  }
}
