import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'

/** Routes and instrumentation are bundled apart but share one process, hence the global. */
const shared = globalThis as typeof globalThis & { kinmarkRequestId?: AsyncLocalStorage<string> }
shared.kinmarkRequestId ??= new AsyncLocalStorage()
const current = shared.kinmarkRequestId

/** The header that brings a request's id and hands it back. */
export const requestIdHeader = 'x-request-id'

/** The id of the request or job that the caller works for: every line of the log carries it. */
export function requestId(): string | undefined {
  return current.getStore()
}

/** Runs `work`, and everything that it starts, under this id. */
export function withRequestId<T>(id: string, work: () => T): T {
  return current.run(id, work)
}

/** The given id where it is a UUID, else a new one. */
export function requestIdOf(given: string | undefined): string {
  return given !== undefined && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(given) ? given : randomUUID()
}
