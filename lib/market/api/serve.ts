import 'server-only'
import { createHash } from 'node:crypto'
import type { NextRequest } from 'next/server'
import type { Address } from 'viem'
import type { ZodObject } from 'zod'
import { endpointAt, endpoints } from '../../api/endpoints'
import { openApi } from '../../api/openapi'
import { type CopyId, parseCopyId } from '../../chain/ids'
import { market } from '../context/context'
import { addressKey } from '../http/client-address'
import { HttpError } from '../http/http-error'
import { problemResponse } from '../http/problem-response'
import { countWithin, type Uses } from '../http/rate-limit'
import { json, readBody } from '../http/route'
import { requireScope, type TokenHolder, tokenHolder } from '../http/tokens'
import { sendCopyFile } from '../read/send-copy-file'
import { answersOf } from './answers'
import { webhookAnswersOf } from './webhook-answers'

/** Requests a minute: of an address without a token, and of a token. */
const limits = { address: 300, token: 1_200 }
const windowSeconds = 60

const cors = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'etag, ratelimit, ratelimit-policy, retry-after, content-range, repr-digest, x-request-id',
}

/** A browser’s question whether a page of another site may read. It may; cookies do not count here. */
export function preflight(): Response {
  const allowed = {
    'access-control-allow-methods': 'GET, HEAD',
    'access-control-allow-headers': 'authorization, if-none-match, range',
    'access-control-max-age': '86400',
  }
  return new Response(null, { status: 204, headers: { ...cors, ...allowed } })
}

/** Answers a request below `/api/v1`. Only a token says who asks: the cookie of a session does not. */
export async function serveApi(request: NextRequest, path: string): Promise<Response> {
  let uses: Uses | null = null
  let response: Response
  try {
    const { db } = await market()
    const holder = await tokenHolder(db, request.headers.get('authorization'))
    const limit = holder ? limits.token : limits.address
    uses = await countWithin(db, holder ? `token ${holder.id}` : `api ${addressKey(request)}`, limit)
    if (uses.left < 0) throw new HttpError(429, 'market.rate-limited', { uses: limit - uses.left, limit })
    response = await answer(request, path, holder)
  } catch (error) {
    response = problemResponse(error)
  }
  for (const [name, value] of Object.entries({ ...cors, ...limitHeaders(uses) })) response.headers.set(name, value)
  if (response.status === 401) response.headers.set('www-authenticate', 'Bearer realm="Kinmark"')
  if (response.status === 429 && uses) response.headers.set('retry-after', String(uses.seconds))
  return response
}

async function answer(request: NextRequest, path: string, holder: TokenHolder | null): Promise<Response> {
  if (path === '/openapi.json') return withTag(request, openApi((await market()).env.origins[0]))
  const file = /^\/copies\/([^/]+)\/files\/(.+)$/.exec(path)
  if (file) return sendOwnFile(request, file[1], file[2], holder)
  const found = endpointAt(request.method, path)
  if (!found) throw new HttpError(404, 'market.endpoint-unknown', { path: path.slice(0, 80) })
  const { scope, method } = endpoints[found.name]
  if (scope && !holder) throw new HttpError(401, 'market.token-needed', { scope })
  if (scope && holder) requireScope(holder, scope)
  const value = await answerOf(request, found, holder?.account ?? null)
  return method === 'get' ? withTag(request, value) : json(value)
}

/** The same for a page of ours, as its signed-in account. */
export async function answerPage(request: NextRequest, path: string, account: Address): Promise<Response> {
  const found = endpointAt(request.method, path)
  if (!found) throw new HttpError(404, 'market.endpoint-unknown', { path: path.slice(0, 80) })
  return json(await answerOf(request, found, account))
}

const allAnswers = { ...answersOf, ...webhookAnswersOf }

type Found = NonNullable<ReturnType<typeof endpointAt>>

async function answerOf(request: NextRequest, found: Found, account: Address | null): Promise<unknown> {
  const { method, params, query, body } = endpoints[found.name]
  const given = {
    ...parsed(params, found.params),
    ...parsed(query, queryOf(request)),
    ...(method === 'post' && (await readBody(request, body.strict()))),
  }
  return (allAnswers[found.name] as (given: unknown, asker: Address | null) => Promise<unknown>)(given, account)
}

async function sendOwnFile(
  request: NextRequest,
  id: string,
  path: string,
  holder: TokenHolder | null,
): Promise<Response> {
  if (!holder) throw new HttpError(401, 'market.token-needed', { scope: 'copies:read' })
  requireScope(holder, 'copies:read')
  const copy: CopyId | null = parseCopyId(id)
  if (!copy) throw new HttpError(404, 'market.copy-unknown', { copy: id.slice(0, 80) })
  return sendCopyFile(holder.account, copy, path, request.headers)
}

/** Each parameter once: of two, a program in between could see another one than this. */
function queryOf({ nextUrl }: NextRequest): Record<string, string> {
  const given: Record<string, string> = {}
  for (const [name, value] of nextUrl.searchParams) {
    const refuse = (reason: string): never => {
      throw new HttpError(400, 'market.parameter-invalid', { parameter: name.slice(0, 80), reason })
    }
    if (Object.hasOwn(given, name)) refuse('it is there twice')
    // Postgres takes no NUL in a text.
    if (value.includes('\0')) refuse('it has a NUL character')
    given[name] = value
  }
  return given
}

function parsed(schema: ZodObject, given: Record<string, string>): Record<string, unknown> {
  const { data, error } = schema.strict().safeParse(given)
  if (data) return data
  const [issue] = error.issues
  const parameter = issue.code === 'unrecognized_keys' ? issue.keys[0] : issue.path.join('.')
  throw new HttpError(400, 'market.parameter-invalid', { parameter: parameter.slice(0, 80), reason: issue.message })
}

/** JSON with the ETag of its bytes; nothing but the tag where the asker has the same. */
function withTag(request: NextRequest, value: unknown): Response {
  const body = JSON.stringify(value)
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`
  const headers = { etag: tag, 'cache-control': 'no-cache' }
  const known = request.headers.get('if-none-match')
  const same = known?.split(',').some((given) => [tag, '*'].includes(given.trim().replace(/^W\//, '')))
  if (same) return new Response(null, { status: 304, headers })
  return new Response(body, { headers: { ...headers, 'content-type': 'application/json' } })
}

function limitHeaders(uses: Uses | null): Record<string, string> {
  if (!uses) return {}
  return {
    'ratelimit-policy': `"minute";q=${uses.limit};w=${windowSeconds}`,
    ratelimit: `"minute";r=${Math.max(0, uses.left)};t=${uses.seconds}`,
  }
}
