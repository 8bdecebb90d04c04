import type { IncomingMessage, ServerResponse } from 'node:http'
import { bytesToHex } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyId, price, startTestGateway, testAccount, testKey, usageLedger, userLedger } from '../../test/gateway'
import { type StubUpstream, startStubUpstream } from '../../test/stub-upstream'
import { emptyPayerAccount } from './account'
import { openPayer } from './payer'

const user = testAccount('user')
const question = { model: 'stub', messages: [{ role: 'user' as const, content: 'Tell me a story' }], maxTokens: 64 }
let stub: StubUpstream
let gateway: Awaited<ReturnType<typeof startTestGateway>>
beforeEach(async () => {
  stub = await startStubUpstream()
  gateway = await startTestGateway(stub.url, { paid: true })
})
afterEach(async () => {
  await gateway.stop()
  await stub.close()
})

function open({ budget = 50_000_000n, url = gateway.url, fetch: send = fetch } = {}) {
  const kept = { account: emptyPayerAccount }
  const payer = openPayer({
    ...{ chainId: 31_337, userLedger, usageLedger, user, key: bytesToHex(testKey('key')), fetch: send },
    host: { url, copyId, operator: testAccount('operator'), price },
    account: () => kept.account,
    store: (account) => {
      kept.account = account
    },
    budget: async () => budget,
    maySign: async (operator) => operator === testAccount('operator'),
  })
  return { payer, kept }
}

const owed = () => gateway.books.account(user)

test('default: an answer streams, is paid, and both sides agree on what it cost', async () => {
  const { payer, kept } = open()
  const pieces: string[] = []
  const ids: string[] = []
  const { units, receipt, tokens, finish } = await payer.ask(question, {
    onText: ({ text }) => pieces.push(text),
    onReceipt: (id) => ids.push(id),
  })
  expect(pieces.join('')).toBe('Once upon a time')
  expect(receipt).toMatchObject({ id: ids[0] })
  expect({ tokens, finish }).toEqual({ tokens: 4, finish: 'stop' })
  await payer.ask(question, {})
  expect(await owed()).toMatchObject({ units: kept.account.units, cost: kept.account.cost })
  expect(kept.account.units).toBe(2n * units)
  await payer.settleUp()
  expect((await owed()).vouchers[0].cumulativeUnits).toBe(kept.account.units)
})

test('behavior: an answer that is stopped costs what arrived, which its receipt says later', async () => {
  stub.manner = { words: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], delayMs: 40 }
  const { payer, kept } = open()
  const stopper = new AbortController()
  let id = ''
  const asked = payer.ask(question, {
    signal: stopper.signal,
    onText: () => stopper.abort(new Error('stopped')),
    onReceipt: (given) => {
      id = given
    },
  })
  await expect(asked).rejects.toThrow('stopped')
  await expect.poll(() => payer.learn(id)).not.toBeNull()
  expect(kept.account.units).toBe((await owed()).units)
  expect(kept.account.units).toBeGreaterThan(0n)
  stub.manner = {}
  await payer.ask(question, {})
  expect(kept.account.units).toBe((await owed()).units)
})

test('behavior: a lost answer is found in the host’s account, and asking goes on', async () => {
  const { payer, kept } = open()
  const lossy = open({
    fetch: async (...given: Parameters<typeof fetch>) => {
      const answer = await fetch(...given)
      if (!String(given[0]).endsWith('completions')) return answer
      await answer.text()
      throw new Error('lost')
    },
  })
  await expect(lossy.payer.ask(question, {})).rejects.toMatchObject({ code: 'payer.unreachable' })
  kept.account = lossy.kept.account
  await payer.sync()
  expect(kept.account.units).toBe((await owed()).units)
  await payer.ask(question, {})
  expect(kept.account.units).toBe((await owed()).units)
})

test('behavior: what nothing was delivered of costs nothing, and the next voucher is another one', async () => {
  const { payer, kept } = open()
  stub.manner = { handle: (_: IncomingMessage, response: ServerResponse) => response.writeHead(500).end() }
  await expect(payer.ask(question, {})).rejects.toMatchObject({ code: 'payer.refused', facts: { status: 502 } })
  stub.manner = {}
  await payer.ask(question, {})
  expect(kept.account.units).toBe((await owed()).units)
})

test('error: a budget that is spent asks nothing', async () => {
  const { payer } = open({ budget: 10n })
  await expect(payer.ask(question, {})).rejects.toMatchObject({ code: 'gateway.budget-spent' })
  expect(stub.seen).toEqual([])
})

test('error: a host that claims more than was promised', async () => {
  const claims = { user, units: '999999', cost: '1' }
  const { payer, kept } = open({
    fetch: async (...given: Parameters<typeof fetch>) =>
      String(given[0]).includes('/accounts/') ? Response.json(claims) : fetch(...given),
  })
  await payer.ask(question, {})
  const { units } = kept.account
  await expect(payer.sync()).rejects.toMatchObject({ code: 'payer.account-wrong' })
  expect(kept.account.units).toBe(units)
})

test('error: a receipt that says more than was sent and received', async () => {
  const { payer, kept } = open({
    fetch: async (...given: Parameters<typeof fetch>) => {
      const answer = await fetch(...given)
      const text = (await answer.text()).replace(/"units":"\d+"/, '"units":"90"')
      return new Response(text, answer)
    },
  })
  await expect(payer.ask(question, {})).rejects.toMatchObject({ code: 'gateway.host-receipt-wrong' })
  expect(kept.account.units).toBe(0n)
})

test('error: an answer that breaks off, and a host that says nothing but HTML', async () => {
  const { payer } = open({
    fetch: async () => new Response('data: {"choices":[{"delta":{"content":"x"}}]}\n\n', { status: 200 }),
  })
  await expect(payer.ask(question, {})).rejects.toMatchObject({ code: 'payer.broken' })
  const html = open({ fetch: async () => new Response('<h1>‮no</h1>', { status: 503 }) })
  await expect(html.payer.ask(question, {})).rejects.toMatchObject({ code: 'payer.refused', facts: { message: '' } })
})

test('error: a host that differs from its deployment', async () => {
  const { payer } = open()
  await expect(payer.facts()).rejects.toMatchObject({ code: 'payer.host-differs' })
})
