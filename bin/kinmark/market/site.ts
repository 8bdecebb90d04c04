import { setTimeout as wait } from 'node:timers/promises'
import type { z } from 'zod'
import { type Client, kinmarkClient } from '../../../lib/client/client'
import { KinmarkError, messageOf } from '../../../lib/error'
import { errorOfProblem } from '../../../lib/problem'

/** A market as a program asks it. */
export type Site = {
  url: string
  token: string | null
  api: Client
  /** Any answer of the server. Throws `cli.site-unreachable`. */
  ask(path: string, init?: RequestInit): Promise<Response>
  /** The answer of a route that pages use, too. Throws the server's error. */
  call<Schema extends z.ZodType>(
    schema: Schema,
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<z.output<Schema>>
}

/** How often a request waits for its turn where the server says how long. */
const mostWaits = 3
const longestWaitSeconds = 60
const pausesMs = [200, 1000]

export function openSite(url: string, token: string | null = null, signal?: AbortSignal): Site {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` }
  const send: typeof fetch = async (input, init) => {
    for (let waits = 0; ; waits++) {
      const headers = { ...authorization, ...(init?.headers as Record<string, string>) }
      const response = await reach(url, () => fetch(input, { ...init, headers, signal }), init?.method, signal)
      const seconds = Number(response.headers.get('retry-after'))
      if (response.status !== 429 || !(seconds > 0 && seconds <= longestWaitSeconds) || waits === mostWaits)
        return response
      await new Promise((done) => setTimeout(done, 1000 * seconds))
    }
  }
  return {
    url,
    token,
    api: kinmarkClient(url, undefined, send),
    ask: (path, init) => send(url + path, init),
    async call(schema, method, path, body) {
      const response = await send(url + path, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      const answer: unknown = await response.json().catch(() => null)
      if (!response.ok) throw errorOfProblem(answer, response.status)
      const parsed = schema.safeParse(answer)
      if (parsed.success) return parsed.data
      throw new KinmarkError('cli.site-foreign', { site: url }, { cause: parsed.error })
    },
  }
}

/** What only reads is asked again: a server may have closed a connection that was kept, or restart. */
async function reach(
  site: string,
  ask: () => Promise<Response>,
  method: string | undefined,
  signal?: AbortSignal,
): Promise<Response> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask()
    } catch (cause) {
      signal?.throwIfAborted()
      if ((method ?? 'GET') !== 'GET' || tries === pausesMs.length)
        throw new KinmarkError('cli.site-unreachable', { site, reason: reasonOf(cause) }, { cause })
      await wait(pausesMs[tries], undefined, { signal }).catch(() => signal?.throwIfAborted())
    }
  }
}

/** `fetch` says “fetch failed”, and why in its cause. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string } }
  return cause?.code ?? messageOf(cause ?? error)
}
