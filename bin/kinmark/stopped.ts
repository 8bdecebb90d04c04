import { once } from 'node:events'

/** Resolves once the program is interrupted or terminated. */
export async function stopped(signal?: AbortSignal): Promise<void> {
  const listening = new AbortController()
  const waits = [once(process, 'SIGTERM', { signal: listening.signal })]
  if (signal && !signal.aborted) waits.push(once(signal, 'abort', { signal: listening.signal }))
  if (!signal?.aborted) await Promise.race(waits)
  listening.abort()
  await Promise.allSettled(waits)
}
