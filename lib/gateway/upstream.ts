import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { KinmarkError } from '../error'

export type UpstreamOptions = {
  /** The base that has `/v1` below it. */
  url: URL
  /** Sent as a bearer token; null for none. */
  apiKey: string | null
  /** Milliseconds in which something must come. */
  silentMs: number
}

export type Upstream = {
  /** Sends a request. The body of the answer must be read or destroyed. Throws `gateway.upstream-*`, or the signal’s reason. */
  ask(method: 'GET' | 'POST', path: string, ask: Ask): Promise<UpstreamAnswer>
  close(): void
}

type Ask = {
  body?: string | Uint8Array
  /** Of the client; few of them are passed on. */
  headers?: IncomingHttpHeaders
  /** Sent as they are. */
  own?: Record<string, string>
  signal?: AbortSignal
}

export type UpstreamAnswer = { status: number; headers: IncomingHttpHeaders; body: IncomingMessage }

/** Headers of a client that matter to a model’s server. Others name the client, its payment or its connection. */
const passed = ['anthropic-version', 'anthropic-beta', 'openai-beta', 'x-request-id', 'traceparent'] as const

/** Opens connections to the server of a model, which is trusted with prompts but not to behave. Follows no redirects. */
export function openUpstream({ url, apiKey, silentMs }: UpstreamOptions): Upstream {
  const secure = url.protocol === 'https:'
  const options = { keepAlive: true, maxSockets: Number.POSITIVE_INFINITY }
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options)
  const base = `${url.origin}${url.pathname.replace(/\/(v1\/?)?$/, '')}`
  const send = secure ? httpsRequest : httpRequest
  const ask = (method: 'GET' | 'POST', path: string, asked: Ask, again: boolean): Promise<UpstreamAnswer> => {
    const { body, headers = {}, own = {}, signal } = asked
    return new Promise((settle, fail) => {
      const given = Object.fromEntries(passed.flatMap((name) => (headers[name] ? [[name, headers[name]]] : [])))
      const request = send(`${base}${path}`, {
        ...{ method, agent },
        headers: {
          ...given,
          ...(body !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
          }),
          ...(apiKey && { authorization: `Bearer ${apiKey}`, 'x-api-key': apiKey }),
          'accept-encoding': 'identity',
          ...own,
        },
      })
      request.setNoDelay(true)
      const leave = () => request.destroy()
      if (signal?.aborted) leave()
      signal?.addEventListener('abort', leave)
      request.once('close', () => signal?.removeEventListener('abort', leave))
      request.setTimeout(silentMs, () =>
        request.destroy(new KinmarkError('gateway.upstream-silent', { seconds: silentMs / 1000 })),
      )
      request.on('error', (cause: NodeJS.ErrnoException) => {
        if (signal?.aborted) return fail(signal.reason)
        if (cause instanceof KinmarkError) return fail(cause)
        // a kept connection that the server closed at this moment: it has not read the request
        if (request.reusedSocket && cause.code === 'ECONNRESET' && !again)
          return ask(method, path, asked, true).then(settle, fail)
        fail(new KinmarkError('gateway.upstream-unreachable', { reason: cause.code ?? cause.message }, { cause }))
      })
      request.on('response', (answer) => {
        const { statusCode: status = 0 } = answer
        if (status >= 300 && status < 400) {
          request.destroy()
          return fail(new KinmarkError('gateway.upstream-redirected'))
        }
        settle({ status, headers: answer.headers, body: answer })
      })
      request.end(body)
    })
  }
  return { ask: (method, path, asked) => ask(method, path, asked, false), close: () => agent.destroy() }
}

/** The text of an answer. Throws `gateway.answer-too-large`, and `gateway.upstream-*` where it breaks. */
export async function readText(body: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of body) {
      length += chunk.length
      if (length > maxBytes) throw new KinmarkError('gateway.answer-too-large', { maxBytes })
      chunks.push(chunk)
    }
  } catch (cause) {
    throw cause instanceof KinmarkError ? cause : new KinmarkError('gateway.upstream-broken', {}, { cause })
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch (cause) {
    throw new KinmarkError('gateway.upstream-format', { reason: 'the answer is not UTF-8' }, { cause })
  }
}
