import 'server-only'
import type { NextRequest } from 'next/server'
import type { ZodType } from 'zod'
import { readEnv } from '../../env'
import { hsts } from './hsts'
import { HttpError } from './http-error'
import { problemResponse } from './problem-response'
import { readLimited } from './read-limited'

type Params = Record<string, string | string[]>
type Handler<P> = (request: NextRequest, params: P) => Promise<Response>

const bodyLimit = 16 * 2 ** 20

/** The origins of our own pages: configured, never a header’s word. */
const { origins } = readEnv()

/** A route that answers errors with problem details. Browsers may write to it from our own pages only. */
export function route<P = Params>(handler: Handler<P>) {
  return async (request: NextRequest, { params }: { params: Promise<P> }): Promise<Response> => {
    const response = await answer(request, handler, await params).catch(problemResponse)
    if (origins[0].startsWith('https:')) response.headers.set(...hsts)
    return response
  }
}

async function answer<P>(request: NextRequest, handler: Handler<P>, params: P): Promise<Response> {
  assertSameOrigin(request)
  return handler(request, params)
}

/** Bigints become decimal strings. */
export function json(value: unknown, status = 200): Response {
  const text = JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? item.toString() : item))
  return new Response(text, { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } })
}

/** The body as JSON of this schema. Throws `market.body-too-large` and `market.body-invalid`. */
export async function readBody<T>(request: NextRequest, schema: ZodType<T>): Promise<T> {
  const text = await readLimited(request, bodyLimit)
  const parsed = schema.safeParse(parseJson(text))
  const refuse = (path: PropertyKey[], reason: string): never => {
    throw new HttpError(400, 'market.body-invalid', { path: path.join('.'), reason })
  }
  if (!parsed.success) return refuse(parsed.error.issues[0].path, parsed.error.issues[0].message)
  const odd = oddEscape.test(text) ? pathToOddText(parsed.data) : null
  return odd ? refuse(odd, 'it has a NUL character or half a surrogate pair') : parsed.data
}

/** How JSON writes a NUL character or half a surrogate pair; perhaps also text that only looks so. */
const oddEscape = /\\u(0000|d[89a-f])/i

/** Where a value has a text that Postgres takes neither as text nor as JSON. */
function pathToOddText(value: unknown): string[] | null {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? [] : null
  if (typeof value !== 'object' || value === null) return null
  for (const [name, item] of Object.entries(value)) {
    if (pathToOddText(name)) return []
    const path = pathToOddText(item)
    if (path) return [name, ...path]
  }
  return null
}

function assertSameOrigin(request: NextRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  if (origin === null && (site === null || site === 'same-origin' || site === 'none')) return
  if (origin === null || !origins.includes(origin))
    throw new HttpError(403, 'market.origin-foreign', { origin: origin ?? 'another site' })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
