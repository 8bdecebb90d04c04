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
  /** Limit of the answer’s body. */
  maxBytes: number
}

/**
 * Posts JSON to a URL that may be hostile, without following redirects. Returns the status and the body, which need not
 * be JSON. Throws `openai.*` errors, or the reason of `signal` when it was aborted.
 */
export async function postJson(
  url: URL,
  body: unknown,
  { headers, limits, signal }: { headers: Record<string, string>; limits: Limits; signal?: AbortSignal },
): Promise<{ status: number; text: string }> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!limits.allowPrivate && isIP(host) && isPrivate(host)) throw privateAddress(url, host)
  const payload = Buffer.from(JSON.stringify(body))
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
        return fail(new KinmarkError('openai.redirected', { host: url.host, location }))
      }
      const chunks: Buffer[] = []
      let length = 0
      answer.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length <= limits.maxBytes) return chunks.push(chunk)
        request.destroy()
        fail(new KinmarkError('openai.answer-too-long', { host: url.host, maxBytes: limits.maxBytes }))
      })
      answer.on('end', () => settle({ status, text: Buffer.concat(chunks).toString('utf8') }))
      answer.on('error', failed)
    })
    request.on('error', failed)
    request.end(payload)
  })
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
  return new KinmarkError('openai.address-private', { host: url.host, address })
}

function errorFor(url: URL, { timeoutMs }: Limits, cause: Error): KinmarkError {
  if (cause instanceof KinmarkError) return cause
  if (cause.name === 'AbortError' || cause.name === 'TimeoutError')
    return new KinmarkError('openai.timeout', { host: url.host, seconds: timeoutMs / 1000 }, { cause })
  const reason = (cause as NodeJS.ErrnoException).code ?? cause.message
  return new KinmarkError('openai.unreachable', { host: url.host, reason }, { cause })
}
