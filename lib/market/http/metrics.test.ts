import { NextRequest } from 'next/server'
import { expect, test } from 'vitest'
import { countRequest, metricsText, routeOf } from './metrics'
import { route } from './route'

const state = {
  chain: { head: 12, indexed: 10 },
  indexing: { leads: true, logsPerSecond: 7, logs: 9 },
  minting: { waiting: 3 },
}

test('default: figures of the process, the index, the queue and the requests', async () => {
  const request = new Request('http://localhost:3000/api/copies/7')
  countRequest(request, { id: '7' }, new Response())
  countRequest(request, { id: '7' }, new Response(null, { status: 404 }))
  const lines = (await metricsText(state)).split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'kinmark_http_requests_total{route="/api/copies/[id]",method="GET",status="200"} 1',
      'kinmark_http_requests_total{route="/api/copies/[id]",method="GET",status="404"} 1',
      'kinmark_chain_head_block 12',
      'kinmark_indexed_block 10',
      'kinmark_index_lag_blocks 2',
      'kinmark_indexer_leads 1',
      'kinmark_indexer_logs_per_second 7',
      'kinmark_mint_jobs_waiting 3',
      expect.stringMatching(/^process_resident_memory_bytes \d+$/),
    ]),
  )
})

test('behavior: a route counts its answers, with and without parameters', async () => {
  const answer = route(async (_, params) => Response.json(params ?? null))
  const get = (path: string, params: unknown) =>
    answer(new NextRequest(`http://localhost:3000${path}`), { params: Promise.resolve(params) } as never)
  expect((await get('/api/health', undefined)).status).toBe(200)
  expect((await get('/api/models/3', { id: '3' })).status).toBe(200)
  const text = await metricsText(state)
  for (const path of ['/api/health', '/api/models/[id]'])
    expect(text).toContain(`kinmark_http_requests_total{route="${path}",method="GET",status="200"} 1\n`)
})

test('behavior: a chain that does not answer has no newest block', async () => {
  const text = await metricsText({ ...state, chain: { head: null, indexed: 10 } })
  expect(text).toMatch(/^kinmark_chain_head_block Nan$/m)
  expect(text).toMatch(/^kinmark_indexed_block 10$/m)
})

test.each([
  ['/api/health', {}, '/api/health'],
  ['/api/copies/7', { id: '7' }, '/api/copies/[id]'],
  ['/api/copies/copies', { id: 'copies' }, '/api/copies/[id]'],
  ['/api/models/3/files/a/b.json', { id: '3', path: ['a', 'b.json'] }, '/api/models/[id]/files/[path]'],
  ['/api/uploads', { id: undefined }, '/api/uploads'],
  ['/api/uploads/ab12', { id: ['ab12'] }, '/api/uploads/[id]'],
  ['/api/copies/%37', { id: '7' }, 'other'],
])('behavior: the route of %s', (path, params, route) => {
  expect(routeOf(path, params)).toBe(route)
})
