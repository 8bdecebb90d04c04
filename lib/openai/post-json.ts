import { lookup as resolve } from 'node:dns'
import { request as plain, type RequestOptions } from 'node:http'
import { request as secure } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { KinmarkError } from '../error'
import { isPrivate } from './address'

export type Limits = {
  /** Whether this machine and its network may be asked: for a person at the command line, never for a server. */
  allowPrivate: boolean
  /** Milliseconds for the whole answer. */
  timeoutMs: number
  /** Bytes of it. */
  maxBytes: number
}

/** Sends JSON to a URL that may be hostile, and follows no redirect. Returns the status and the body, JSON or not. */
export async function postJson(
  url: URL,
  body: unknown,
  { headers, limits, signal }: { headers: Record<string, string>; limits: Limits; signal?: AbortSignal },
): Promise<{ status: number; text: string }> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!limits.allowPrivate && isIP(host) && isPrivate(host)) throw privateAddress(url, host)
  const payload = Buffer.from(JSON.stringify(body))
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'content-length': payload.length },
    signal: signal
      ? AbortSignal.any([signal, AbortSignal.timeout(limits.timeoutMs)])
      : AbortSignal.timeout(limits.timeoutMs),
    lookup: limits.allowPrivate ? undefined : publicOnly(url),
  }
  return new Promise((settle, fail) => {
    const failed = (cause: Error) => fail(signal?.aborted ? signal.reason : sentenceFor(url, limits, cause))
    const sent = (url.protocol === 'https:' ? secure : plain)(url, options, (answer) => {
      const { statusCode: status = 0, headers: replyHeaders } = answer
      if (status >= 300 && status < 400) {
        sent.destroy()
        return fail(
          new KinmarkError('openai.redirected', {
            host: url.host,
            location: String(replyHeaders.location).slice(0, 120),
          }),
        )
      }
      const chunks: Buffer[] = []
      let length = 0
      answer.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length <= limits.maxBytes) return chunks.push(chunk)
        sent.destroy()
        fail(new KinmarkError('openai.answer-too-long', { host: url.host, maxBytes: limits.maxBytes }))
      })
      answer.on('end', () => settle({ status, text: Buffer.concat(chunks).toString('utf8') }))
      answer.on('error', failed)
    })
    sent.on('error', failed)
    sent.end(payload)
  })
}

/** Checks the address that is really connected to, so that a name cannot change its mind after a check. */
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

function sentenceFor(url: URL, { timeoutMs }: Limits, cause: Error): KinmarkError {
  if (cause instanceof KinmarkError) return cause
  if (cause.name === 'AbortError' || cause.name === 'TimeoutError')
    return new KinmarkError('openai.timeout', { host: url.host, seconds: timeoutMs / 1000 }, { cause })
  const reason = (cause as NodeJS.ErrnoException).code ?? cause.message
  return new KinmarkError('openai.unreachable', { host: url.host, reason }, { cause })
}
