import { LegacyError } from '@/lib/error'

async function answerOf<T>(response: Response): Promise<T> {
  const body = await response.json().catch(() => null)
  if (response.ok) return body as T
  throw new LegacyError(body?.error ?? `The server answered ${response.status} ${response.statusText}.`, {
    facts: { status: response.status },
  })
}

async function reach(path: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new LegacyError('The server could not be reached. Check your connection; nothing was lost.', { cause })
  }
}

export async function readJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return answerOf<T>(await reach(path, { signal }))
}

export async function sendJson<T>(path: string, body: unknown, method: 'POST' | 'DELETE' = 'POST'): Promise<T> {
  return answerOf<T>(
    await reach(path, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  )
}
