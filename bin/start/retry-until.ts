import { setTimeout as wait } from 'node:timers/promises'
import { LegacyError } from '../../lib/error'

/** Asks again until the answer comes without an error. */
export async function retryUntil<T>(who: string, ask: () => Promise<T>, seconds = 60): Promise<T> {
  const deadline = Date.now() + seconds * 1000
  for (;;) {
    try {
      return await ask()
    } catch (cause) {
      if (Date.now() > deadline) throw new LegacyError(`${who} did not answer within ${seconds} seconds.`, { cause })
      await wait(100)
    }
  }
}
