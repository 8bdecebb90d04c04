import { readJson } from './http'
import { pollUntil } from './poll-until'

type Health = { chain: { indexed: number | null } }

/**
 * Waits until the server's index has reached `block` and `isReady` resolves to true. False after 30 seconds, or once
 * `signal` is aborted.
 */
export function waitUntilIndexed(block: bigint, signal: AbortSignal, isReady = async () => true): Promise<boolean> {
  return pollUntil(async () => {
    const { chain } = await readJson<Health>('/api/health', signal)
    return chain.indexed !== null && chain.indexed >= block && isReady()
  }, signal)
}
