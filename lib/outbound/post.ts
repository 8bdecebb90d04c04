import { request as httpRequest, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Reach } from './address'
import { assertReached, guardedLookup, outboundError, redirected } from './guard'

export type Limits = {
  /** On the command line any, in a server those of the internet. */
  reach: Reach
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
  assertReached(url, limits.reach)
  const payload = Buffer.from(json)
  const timeout = AbortSignal.timeout(limits.timeoutMs)
  const options: RequestOptions = {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'content-length': payload.length },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    lookup: guardedLookup(url, limits.reach),
  }
  return new Promise((settle, fail) => {
    const failed = (cause: Error) => fail(signal?.aborted ? signal.reason : outboundError(url, limits.timeoutMs, cause))
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, options, (answer) => {
      const { statusCode: status = 0, headers: answerHeaders } = answer
      if (status >= 300 && status < 400) {
        request.destroy()
        return fail(redirected(url, answerHeaders.location))
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
