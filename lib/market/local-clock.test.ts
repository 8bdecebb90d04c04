import { NextRequest } from 'next/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestMarket, type TestMarket } from '../../test/market'
import { beginNextEpoch } from './local-clock'
import { epochLength, protocolTime } from './read/protocol-time'

let market: TestMarket
beforeAll(async () => {
  market = await startTestMarket()
})
afterAll(() => market?.stop())

function from(origin: string | null, host = 'localhost:3000'): NextRequest {
  const headers = { host, ...(origin && { origin }) }
  return new NextRequest(`http://${host}/api/epochs/next`, { method: 'POST', headers })
}

const own = 'http://localhost:3000'

test('default: each request passes to the beginning of the next epoch', async () => {
  const { ctx } = market
  const length = await epochLength(ctx)
  const first = (await protocolTime(ctx)) / length
  const begun = await Promise.all([1, 2, 3].map(() => beginNextEpoch(from(own))))
  expect(begun).toEqual([first + 1n, first + 2n, first + 3n])
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
  const refused = { status: 403, code: 'market.origin-foreign', facts: { origin: origin ?? '' } }
  await expect(beginNextEpoch(from(origin, host))).rejects.toMatchObject(refused)
  expect((await protocolTime(market.ctx)) - before).toBeLessThan(60n)
})

test('error: a chain that is not local keeps its time', async () => {
  const { deployment } = market.ctx
  const { chainId } = deployment
  deployment.chainId = 1
  try {
    const refused = { status: 404, code: 'market.no-local-clock', facts: { chainId: 1 } }
    await expect(beginNextEpoch(from(own))).rejects.toMatchObject(refused)
  } finally {
    deployment.chainId = chainId
  }
})
