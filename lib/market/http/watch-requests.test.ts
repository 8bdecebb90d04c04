import { createServer, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import { requestId } from '../../request-id'
import { metrics } from '../context/metrics'
import { routeNames } from './route-names'
import { watchRequests } from './watch-requests'

const emit = Server.prototype.emit
afterAll(() => {
  Server.prototype.emit = emit
})

const nameOf = routeNames({
  staticRoutes: [
    { page: '/', regex: '^/(?:/)?$' },
    { page: '/api/metrics', regex: '^/api/metrics(?:/)?$' },
  ],
  dynamicRoutes: [{ page: '/api/copies/[id]', regex: '^/api/copies/([^/]+?)(?:/)?$' }],
})

test.each([
  ['/', '/'],
  ['/api/copies/7', '/api/copies/[id]'],
  ['/_next/static/chunks/ab12.js', '/_next'],
  ['/models/tiny/config.json', 'other'],
  ['/wp-admin', 'other'],
])('behavior: the route of %s is %s', (path, route) => {
  expect(nameOf(path)).toBe(route)
})

test('default: a request has one id, in the header, in what it starts and in the log, and is counted by its route', async () => {
  watchRequests(nameOf)
  const seen: (string | undefined)[] = []
  const server = createServer(async (_, response) => {
    await new Promise((done) => setTimeout(done, 1))
    seen.push(requestId())
    response.statusCode = 404
    response.end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${site}/api/copies/7?x=1`, { headers })).headers.get('x-request-id')

  const brought = '0b0f8a5e-7f3a-4a52-9a41-1d1f0c6a2b11'
  expect(await ask({ 'x-request-id': brought })).toBe(brought)
  const [one, other] = [await ask({}), await ask({ 'x-request-id': 'admin\u00e4 kinmark_ready 0' })]
  expect(seen).toEqual([brought, one, other])
  expect(new Set(seen).size).toBe(3)
  for (const id of seen) expect(id).toMatch(/^[\da-f-]{36}$/)
  expect(requestId()).toBeUndefined()

  const labels = { route: '/api/copies/[id]', method: 'GET' }
  await expect
    .poll(() => metrics().registry.metrics())
    .toContain('kinmark_http_requests_total{route="/api/copies/[id]",method="GET",status="404"} 3\n')
  const { values } = await metrics().requestSeconds.get()
  expect(values.find(({ metricName }) => metricName?.endsWith('_count'))).toMatchObject({ labels, value: 3 })
  await new Promise((done) => server.close(done))
})
