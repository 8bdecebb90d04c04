import 'server-only'
import { lookup } from 'node:dns'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import ipaddr from 'ipaddr.js'

/** Whether this server may be made to call an address that a stranger announced. */
export function isCallable(address: string, local: boolean): boolean {
  if (!ipaddr.isValid(address)) return false
  const range = ipaddr.process(address).range()
  return range === 'unicast' || (local && range === 'loopback')
}

/**
 * `fetch` for addresses that strangers announce. The address is checked when it is connected to, so that a name cannot
 * first name a public machine and then one of this network. On a `local` chain this machine may be called. Follows no
 * redirects, and knows the methods, headers and bodies that lib/payer sends.
 */
export function guardedFetch(local: boolean): typeof fetch {
  const guarded: LookupFunction = (hostname, options, done) =>
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, '', 0)
      const callable = found.filter(({ address }) => isCallable(address, local))
      if (callable.length === 0) return done(new Error(`${hostname} is not a public machine.`), '', 0)
      if (options.all) return done(null, callable)
      done(null, callable[0].address, callable[0].family)
    })
  return (input, { method = 'GET', headers, body, signal } = {}) =>
    new Promise((settle, fail) => {
      const url = new URL(String(input))
      const host = url.hostname.replace(/^\[|\]$/g, '')
      if (ipaddr.isValid(host) && !isCallable(host, local)) return fail(new Error(`${host} is not a public machine.`))
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest
      const given = Object.fromEntries(new Headers(headers))
      const request = send(url, {
        ...{ method, lookup: guarded, headers: { ...given, 'accept-encoding': 'identity' }, agent: false },
        signal: signal ?? undefined,
      })
      request.setTimeout(30_000, () => request.destroy(new Error('The host is silent.')))
      request.on('error', fail)
      request.on('response', (answer) => {
        const { statusCode: status = 0 } = answer
        if (status < 200 || (status >= 300 && status < 400)) {
          request.destroy()
          return fail(new Error(`The host answers with status ${status}.`))
        }
        settle(responseOf(answer, status))
      })
      request.end(body ?? undefined)
    })
}

function responseOf(answer: IncomingMessage, status: number): Response {
  const headers = new Headers()
  for (const [name, value] of Object.entries(answer.headers)) if (typeof value === 'string') headers.set(name, value)
  const empty = status === 204 || status === 205
  if (empty) answer.resume()
  return new Response(empty ? null : (Readable.toWeb(answer) as ReadableStream), { status, headers })
}
