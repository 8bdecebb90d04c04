import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import type { Reach } from './address'
import { assertReached, guardedLookup, outboundError, redirected, timedOut } from './guard'

const silentMs = 30_000

/**
 * `fetch` for addresses that strangers announce. Follows no redirects, and knows the methods, headers and bodies that
 * lib/payer sends. Throws `outbound.*` errors, or the reason of the signal.
 */
export function guardedFetch(reach: Reach): typeof fetch {
  return async (input, { method = 'GET', headers, body, signal } = {}) => {
    const url = new URL(String(input))
    assertReached(url, reach)
    return new Promise((settle, fail) => {
      const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
        ...{ method, lookup: guardedLookup(url, reach), agent: false, signal: signal ?? undefined },
        headers: { ...Object.fromEntries(new Headers(headers)), 'accept-encoding': 'identity' },
      })
      request.setTimeout(silentMs, () => request.destroy(timedOut(url, silentMs)))
      request.on('error', (cause) => fail(signal?.aborted ? signal.reason : outboundError(url, silentMs, cause)))
      request.on('response', (answer) => {
        const { statusCode: status = 0 } = answer
        if (status < 300 || status >= 400) return settle(responseOf(answer, status))
        request.destroy()
        fail(redirected(url, answer.headers.location))
      })
      request.end(body ?? undefined)
    })
  }
}

function responseOf(answer: IncomingMessage, status: number): Response {
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer.headers)) if (typeof value === 'string') headers.set(name, value)
  const empty = status === 204 || status === 205
  if (empty) answer.resume()
  return new Response(empty ? null : (Readable.toWeb(answer) as ReadableStream), { status, headers })
}
