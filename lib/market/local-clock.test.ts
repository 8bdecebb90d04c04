import { NextRequest } from 'next/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { POST } from '@/app/api/epochs/next/route'
import { startTestMarket, type TestMarket } from '../../test/market'
import { epochLength, protocolTime } from './read/protocol-time'

let market: TestMarket
beforeAll(async () => {
  market = await startTestMarket()
})
afterAll(() => market?.stop())

function ask(origin: string | null, host = 'localhost:3000'): Promise<Response> {
  const headers = { host, ...(origin && { origin }) }
  const request = new NextRequest(`http://${host}/api/epochs/next`, { method: 'POST', headers })
  return POST(request, { params: Promise.resolve({}) })
}

test('default: each request passes to the beginning of the next epoch', async () => {
  const { ctx } = market
  const length = await epochLength(ctx)
  const first = (await protocolTime(ctx)) / length
  const own = 'http://localhost:3000'
  const answers = await Promise.all([ask(own), ask(own), ask(own)])
  expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(
    [1n, 2n, 3n].map((passed) => ({ epoch: String(first + passed) })),
  )
  const time = await protocolTime(ctx)
  expect(time / length).toBe(first + 3n)
  expect(time % length).toBeLessThan(60n)
})

test.each([
  ['another site', 'https://thief.example', undefined],
  ['another site whose name leads here', 'http://thief.example:3000', 'thief.example:3000'],
  ['a page without an origin', 'null', undefined],
  ['a program', null, undefined],
])('error: %s cannot move the time', async (_, origin, host) => {
  const before = await protocolTime(market.ctx)
  const answer = await ask(origin, host)
  expect([answer.status, (await answer.json()).code]).toEqual([403, 'market.origin-foreign'])
  expect((await protocolTime(market.ctx)) - before).toBeLessThan(60n)
})

test('error: a chain that is not local keeps its time', async () => {
  const { deployment } = market.ctx
  const { chainId } = deployment
  deployment.chainId = 1
  try {
    const answer = await ask('http://localhost:3000')
    expect([answer.status, (await answer.json()).code]).toEqual([404, 'market.no-local-clock'])
  } finally {
    deployment.chainId = chainId
  }
})
