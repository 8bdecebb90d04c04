import { KinmarkError } from '../error'
import { errorOfProblem } from '../problem'
import { announceSession } from './session-news'

/** `fetch`, with the error of a connection that failed. An aborted request rejects with its `AbortError`. */
export async function request(path: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new KinmarkError(connectionError(), {}, { cause })
  }
}

/** What to say of a connection that failed. */
export function connectionError(): 'browser.offline' | 'browser.server-unreachable' {
  return globalThis.navigator?.onLine === false ? 'browser.offline' : 'browser.server-unreachable'
}

/** The error that a response of our API carries in its body. */
export async function responseError(response: Response): Promise<KinmarkError> {
  if (response.status === 401) announceSession({ everywhere: false })
  return errorOfProblem(await response.json().catch(() => null), response.status)
}

export async function readJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return bodyOf<T>(await request(path, { signal }))
}

export async function sendJson<T>(path: string, body: unknown, method: 'POST' | 'DELETE' = 'POST'): Promise<T> {
  return bodyOf<T>(
    await request(path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
}

/** Sends the bytes of a file as they are. */
export async function sendFile<T>(path: string, file: Blob, signal: AbortSignal): Promise<T> {
  return bodyOf<T>(
    await request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
      signal,
    }),
  )
}

async function bodyOf<T>(response: Response): Promise<T> {
  if (!response.ok) throw await responseError(response)
  return response.json().catch(() => null)
}
