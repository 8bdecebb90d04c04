import 'server-only'
import type { NextRequest } from 'next/server'
import type { ZodType } from 'zod'
import { KinmarkError } from '../../error'
import { log } from '../../log'
import { HttpError } from './http-error'
import { countRequest } from './metrics'

type Params = Record<string, string | string[]>
type Handler<P> = (request: NextRequest, params: P) => Promise<Response>

const bodyLimit = 16 * 2 ** 20

/** A route whose errors are JSON sentences. A browser may only write to it from our own pages. */
export function route<P = Params>(handler: Handler<P>) {
  return async (request: NextRequest, { params }: { params: Promise<P> }): Promise<Response> => {
    const values = await params
    const response = await answer(request, handler, values).catch(refuse)
    countRequest(request, values as Params | undefined, response)
    return response
  }
}

async function answer<P>(request: NextRequest, handler: Handler<P>, params: P): Promise<Response> {
  assertSameOrigin(request)
  return handler(request, params)
}

function refuse(error: unknown): Response {
  if (error instanceof HttpError) return json({ error: error.message }, error.status)
  if (error instanceof KinmarkError) return json({ error: error.message }, 400)
  log.error({ err: error }, 'A request failed.')
  return json({ error: 'The server could not do this. Its log says why; nothing of yours was changed.' }, 500)
}

/** Bigints travel as decimal strings. */
export function json(value: unknown, status = 200): Response {
  const text = JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item))
  return new Response(text, { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } })
}

export async function readBody<T>(request: NextRequest, schema: ZodType<T>): Promise<T> {
  const length = Number(request.headers.get('content-length') ?? 0)
  if (length > bodyLimit) throw new HttpError(413, `The request has ${length} bytes; at most ${bodyLimit} are read.`)
  const parsed = schema.safeParse(await request.json().catch(() => undefined))
  if (parsed.success) return parsed.data
  const [{ path, message }] = parsed.error.issues
  throw new HttpError(400, `The request’s ${path.join('.') || 'body'}: ${message}.`)
}

function assertSameOrigin(request: NextRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const origin = request.headers.get('origin')
  if (origin === null) return
  const own = request.headers.get('x-forwarded-host') ?? request.headers.get('host')
  if (new URL(origin).host !== own) throw new HttpError(403, `A page of ${origin} may not write here.`)
}
