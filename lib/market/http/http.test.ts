import { DrizzleQueryError } from 'drizzle-orm/errors'
import { NextRequest } from 'next/server'
import { HttpRequestError } from 'viem'
import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { KinmarkError } from '../../error'
import { log } from '../../log'
import { HttpError } from './http-error'
import { copyIdParam, modelIdParam } from './id-params'
import { json, readBody, route } from './route'
import { sendFile } from './send-file'

const url = 'http://localhost:3000/api/test'
const none = { params: Promise.resolve({}) }

test('default: a route answers JSON, with bigints as decimal strings', async () => {
  const handle = route(async () => json({ price: 2n ** 70n }))
  const response = await handle(new NextRequest(url), none)
  expect([response.status, await response.json()]).toEqual([200, { price: String(2n ** 70n) }])
})

test('error: errors of ours are problems with code, facts and sentence', async () => {
  const handle = route(async () => {
    throw new HttpError(404, 'market.copy-unknown', { copy: '7' })
  })
  const response = await handle(new NextRequest(url), none)
  expect(response.status).toBe(404)
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(await response.json()).toEqual({
    type: 'urn:kinmark:error:market.copy-unknown',
    title: 'Copy unknown',
    status: 404,
    detail: 'There is no copy 7.',
    code: 'market.copy-unknown',
    facts: { copy: '7' },
  })
})

test('behavior: what is refused is logged by its code, without what was sent', async () => {
  const logged = vi.spyOn(log, 'info').mockImplementation(() => undefined)
  const refuse = route(async () => Promise.reject(new HttpError(403, 'market.origin-foreign', { origin: 'secret' })))
  expect((await refuse(new NextRequest(url), none)).status).toBe(403)
  expect(logged.mock.calls).toEqual([[{ code: 'market.origin-foreign', status: 403 }, 'A request was refused.']])
  logged.mockRestore()
})

test('error: without a status it is 400; another program’s error is 500, logged and not shown', async () => {
  const logged = vi.spyOn(log, 'error').mockImplementation(() => undefined)
  const answer = async (error: Error) => {
    const response = await route(async () => Promise.reject(error))(new NextRequest(url), none)
    return { status: response.status, ...(await response.json()) }
  }
  expect(await answer(new KinmarkError('market.draft-empty'))).toMatchObject({
    status: 400,
    code: 'market.draft-empty',
  })
  const secret = new Error('password authentication failed for user "kinmark"')
  const problem = await answer(secret)
  expect(problem).toMatchObject({ status: 500, code: 'market.internal', facts: { request: null } })
  expect(JSON.stringify(problem)).not.toContain('password')
  expect(logged).toHaveBeenCalledWith({ err: secret }, 'A request failed.')
  logged.mockRestore()
})

test('error: a part that does not answer is named, with when to try again; a full disk is named too', async () => {
  const [warned, failed] = [vi.spyOn(log, 'warn'), vi.spyOn(log, 'error')]
  for (const spy of [warned, failed]) spy.mockImplementation(() => undefined)
  const answer = async (error: Error) => {
    const response = await route(async () => Promise.reject(error))(new NextRequest(url), none)
    const { status, code, facts } = await response.json()
    return [status, code, facts.part, response.headers.get('retry-after')]
  }
  const coded = (code: string, more: object = {}) => Object.assign(new Error(code), { code, ...more })
  const inQuery = (cause: Error) => new DrizzleQueryError('select 1', [], cause)
  const away = (part: string) => [503, 'market.part-away', part, '5']
  for (const code of ['57P01', '57P03', '08006', '53300', 'ECONNREFUSED'])
    expect(await answer(inQuery(coded(code)))).toEqual(away('database'))
  expect(await answer(inQuery(new Error('Connection terminated unexpectedly')))).toEqual(away('database'))
  expect(await answer(coded('ECONNREFUSED', { $metadata: { attempts: 5 } }))).toEqual(away('files'))
  expect(await answer(coded('SlowDown', { $metadata: { httpStatusCode: 503 } }))).toEqual(away('files'))
  expect(await answer(new HttpRequestError({ url: 'http://127.0.0.1:1' }))).toEqual(away('chain'))
  expect(await answer(coded('ENOSPC'))).toEqual([507, 'market.disk-full', undefined, null])
  expect(await answer(inQuery(coded('53100')))).toEqual([507, 'market.disk-full', undefined, null])
  expect(await answer(inQuery(coded('23505')))).toEqual([500, 'market.internal', undefined, null])
  expect(await answer(coded('ECONNREFUSED'))).toEqual([500, 'market.internal', undefined, null])
  for (const spy of [warned, failed]) spy.mockRestore()
})

test('error: a page of another origin may not write', async () => {
  const handle = route(async () => json({}))
  const from = (origin: string, method = 'POST') => {
    const headers = { origin, host: 'localhost:3000' }
    return handle(new NextRequest(url, { method, headers }), none)
  }
  expect((await from('http://localhost:3000')).status).toBe(200)
  expect((await from('https://evil.example', 'GET')).status).toBe(200)
  for (const origin of ['null', '', 'not a url', 'http://localhost:3001', 'https://localhost:3000'])
    expect((await from(origin)).status).toBe(403)
  const response = await from('https://evil.example')
  expect([response.status, (await response.json()).code]).toEqual([403, 'market.origin-foreign'])
})

test('error: a page of another origin is not let in by headers that it chooses', async () => {
  const handle = route(async () => json({}))
  const write = async (headers: Record<string, string>) =>
    (await handle(new NextRequest(url, { method: 'POST', headers }), none)).status
  const evil = { origin: 'https://evil.example', host: 'evil.example', 'x-forwarded-host': 'evil.example' }
  expect(await write(evil)).toBe(403)
  expect(await write({ 'sec-fetch-site': 'cross-site' })).toBe(403)
  expect(await write({ 'sec-fetch-site': 'same-origin' })).toBe(200)
  expect(await write({})).toBe(200)
})

test('error: a body that does not say its length is read to the limit and no further', async () => {
  let pulled = 0
  const endless = new ReadableStream({
    pull(controller) {
      pulled++
      controller.enqueue(new Uint8Array(2 ** 20).fill(32))
    },
  })
  const request = new NextRequest(url, { method: 'POST', body: endless, duplex: 'half' } as never)
  await expect(readBody(request, z.object({}))).rejects.toMatchObject({ status: 413, code: 'market.body-too-large' })
  expect(pulled).toBeLessThan(20)
})

test('error: a body that is too large, no JSON, or of another shape', async () => {
  const schema = z.object({ files: z.array(z.object({ size: z.number() })) })
  const post = (body: string, headers = {}) => readBody(new NextRequest(url, { method: 'POST', body, headers }), schema)
  expect(await post('{"files":[{"size":1}]}')).toEqual({ files: [{ size: 1 }] })
  await expect(post('{}', { 'content-length': '99999999' })).rejects.toMatchObject({
    status: 413,
    code: 'market.body-too-large',
    facts: { bytes: 99_999_999 },
  })
  await expect(post('{')).rejects.toMatchObject({ status: 400, code: 'market.body-invalid', facts: { path: '' } })
  await expect(post('{"files":[{"size":"1"}]}')).rejects.toMatchObject({ facts: { path: 'files.0.size' } })
})

test('error: a text that Postgres does not take is refused, wherever it stands', async () => {
  const schema = z.object({ name: z.string(), tags: z.array(z.record(z.string(), z.string())).default([]) })
  const post = (body: string) => readBody(new NextRequest(url, { method: 'POST', body }), schema)
  // A backslash that is written as one, and both halves of a pair, are texts like others.
  for (const name of ['\\u0000', '\u{1f40b}']) expect(await post(JSON.stringify({ name }))).toEqual({ name, tags: [] })
  expect(await post('{"name":"\\ud83d\\udc0b"}')).toEqual({ name: '\u{1f40b}', tags: [] })
  const refused = (path: string) => ({ status: 400, code: 'market.body-invalid', facts: { path } })
  await expect(post('{"name":"a\\u0000"}')).rejects.toMatchObject(refused('name'))
  await expect(post('{"name":"","tags":[{},{"a":"\\uD83D."}]}')).rejects.toMatchObject(refused('tags.1.a'))
  await expect(post('{"name":"","tags":[{"\\u0000":"a"}]}')).rejects.toMatchObject(refused('tags.0'))
})

test('error: an id in a URL that is no uint256 names nothing', () => {
  expect([modelIdParam('7'), copyIdParam('8')]).toEqual(['7', '8'])
  expect(() => modelIdParam('x'.repeat(100))).toThrow(
    expect.objectContaining({ status: 404, code: 'market.model-unknown', facts: { model: 'x'.repeat(80) } }),
  )
  expect(() => copyIdParam('01')).toThrow(expect.objectContaining({ status: 404, code: 'market.copy-unknown' }))
})

test('behavior: a file is sent whole, as a range, or not at all', async () => {
  const file = { path: 'weights/a.bin', size: 5, sha256: 'ab'.repeat(32) }
  const read = async function* (from: number, to: number) {
    yield new TextEncoder().encode('bytes'.slice(from, to))
  }
  const answer = async (headers: Record<string, string>) => {
    const response = sendFile(file, new Headers(headers), read)
    return [response.status, response.headers.get('content-range'), await response.text()]
  }
  const etag = `"${file.sha256}"`
  expect(await answer({})).toEqual([200, null, 'bytes'])
  expect(await answer({ range: 'bytes=1-2' })).toEqual([206, 'bytes 1-2/5', 'yt'])
  expect(await answer({ range: 'bytes=1-2', 'if-range': etag })).toEqual([206, 'bytes 1-2/5', 'yt'])
  expect(await answer({ range: 'bytes=1-2', 'if-range': '"another"' })).toEqual([200, null, 'bytes'])
  expect(await answer({ range: 'bytes=9-' })).toEqual([416, 'bytes */5', ''])
  expect(await answer({ 'if-none-match': etag })).toEqual([304, null, ''])
  expect(sendFile(file, new Headers(), read).headers.get('content-disposition')).toBe('attachment; filename="a.bin"')
})
