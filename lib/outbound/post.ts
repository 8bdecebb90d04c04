import { lookup as resolve } from 'node:dns'
import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { KinmarkError } from '../error'
import { isPrivate } from './address'

export type Limits = {
  /** Whether addresses of this machine and its network are allowed: on the command line yes, in a server never. */
  allowPrivate: boolean
  /** For the whole answer, in milliseconds. */
  timeoutMs: number
  /** Bytes of the answer’s body that are read. */
  maxBytes: number
}

/** `whole`: whether `text` is all of the body. */
export type Answer = { status: number; text: string; whole: boolean }

type Sending = { headers: Record<string, string>; limits: Limits; signal?: AbortSignal }

/**
 * Posts a JSON text to a URL that may be hostile, without following redirects. Returns the status and the beginning of the
 * body, which need not be JSON. Throws `outbound.*` errors, or the reason of `signal` when it was aborted.
 */
export async function post(url: URL, json: string, { headers, limits, signal }: Sending): Promise<Answer> {
  assertPublic(url, limits)
  const payload = Buffer.from(json)
  const timeout = AbortSignal.timeout(limits.timeoutMs)
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'content-length': payload.length },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    lookup: limits.allowPrivate ? undefined : publicOnly(url),
  }
  return new Promise((settle, fail) => {
    const failed = (cause: Error) => fail(signal?.aborted ? signal.reason : errorFor(url, limits, cause))
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (answer) => {
      const { statusCode: status = 0, headers: answerHeaders } = answer
      if (status >= 300 && status < 400) {
        request.destroy()
        const location = String(answerHeaders.location).slice(0, 120)
        return fail(new KinmarkError('outbound.redirected', { host: url.host, location }))
      }
      const chunks: Buffer[] = []
      let length = 0
      const done = (whole: boolean) => {
        const text = Buffer.concat(chunks).subarray(0, limits.maxBytes).toString('utf8')
        settle({ status, text, whole })
      }
      answer.on('data', (chunk: Buffer) => {
        length += chunk.length
        chunks.push(chunk)
        if (length <= limits.maxBytes) return
        request.destroy()
        done(false)
      })
      answer.on('end', () => done(true))
      answer.on('error', failed)
    })
    request.on('error', failed)
    request.end(payload)
  })
}

/** Refuses an address of this machine or its network in the URL itself. Names are checked when they are resolved. Throws `outbound.address-private`. */
export function assertPublic(url: URL, { allowPrivate }: Pick<Limits, 'allowPrivate'>): void {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!allowPrivate && isIP(host) && isPrivate(host)) throw privateAddress(url, host)
}

/** Checks the address that the socket connects to, so that a second DNS answer cannot differ from the checked one. */
function publicOnly(url: URL): LookupFunction {
  return (hostname, options, done) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const bad = addresses?.find(({ address }) => isPrivate(address))
      if (error || bad) return done(error ?? privateAddress(url, bad?.address ?? ''), '', 0)
      if (options.all) return done(null, addresses)
      done(null, addresses[0].address, addresses[0].family)
    })
}

function privateAddress(url: URL, address: string): KinmarkError {
  return new KinmarkError('outbound.address-private', { host: url.host, address })
}

function errorFor(url: URL, { timeoutMs }: Limits, cause: Error): KinmarkError {
  if (cause instanceof KinmarkError) return cause
  if (cause.name === 'AbortError' || cause.name === 'TimeoutError')
    return new KinmarkError('outbound.timeout', { host: url.host, seconds: timeoutMs / 1000 }, { cause })
  const reason = (cause as NodeJS.ErrnoException).code ?? cause.message
  return new KinmarkError('outbound.unreachable', { host: url.host, reason }, { cause })
}
