import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createOpenAI } from '@ai-sdk/openai'
import Anthropic from '@anthropic-ai/sdk'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyId, price, startTestGateway, testAccount, testKey, usageLedger, userLedger } from '../../../test/gateway'
import { type StubUpstream, startStubUpstream } from '../../../test/stub-upstream'
import { openUpstream } from '../upstream'
import { startProxy } from './proxy'
import { openWallet } from './wallet'

const user = testAccount('user')
let stub: StubUpstream
let gateway: Awaited<ReturnType<typeof startTestGateway>>
let folder: string
beforeEach(async () => {
  stub = await startStubUpstream()
  gateway = await startTestGateway(stub.url, { paid: true })
  folder = await mkdtemp(join(tmpdir(), 'kinmark-user-'))
})
afterEach(async () => {
  await gateway.stop()
  await stub.close()
  await rm(folder, { recursive: true })
})

async function startUser(hostUrl = gateway.url, budget = 50_000_000n) {
  const wallet = await openWallet({
    ...{ folder, chainId: 31_337, userLedger, copyId, user, key: testKey('key'), price },
    budget: async () => budget,
  })
  const said: string[] = []
  const upstream = openUpstream({ url: new URL(hostUrl), apiKey: null, silentMs: 5000 })
  const proxy = await startProxy({
    ...{ host: '127.0.0.1', port: 0, upstream, wallet, answerTokens: 256, say: (line) => said.push(line) },
    limits: { body: 2 ** 20, answer: 2 ** 20 },
    check: {
      ...{ chainId: 31_337, usageLedger, copyId, user, price },
      maySign: async (operator) => operator === testAccount('operator'),
    },
  })
  return {
    ...{ wallet, said, url: proxy.url },
    openai: new OpenAI({ baseURL: proxy.url, apiKey: 'any', maxRetries: 0 }),
    anthropic: new Anthropic({ baseURL: proxy.url.replace(/\/v1$/, ''), apiKey: 'any', maxRetries: 0 }),
    async stop() {
      await proxy.close()
      upstream.close()
    },
  }
}

const messages = [{ role: 'user' as const, content: 'Tell me a story' }]
const account = () => gateway.books.account(user)

test('default: the unmodified clients pay for each answer, and both sides agree on what it cost', async () => {
  const { openai, anthropic, wallet, url, stop, said } = await startUser()
  const { data, response } = await openai.chat.completions.create({ model: 'stub', messages }).withResponse()
  expect(data.choices[0].message.content).toBe('Once upon a time')
  expect(response.headers.get('x-kinmark-receipt')).toMatch(/^rcpt_[0-9a-f]{32}$/)
  let streamed = ''
  for await (const { choices } of await openai.chat.completions.create({ model: 'stub', messages, stream: true }))
    streamed += choices[0]?.delta.content ?? ''
  expect(streamed).toBe('Once upon a time')
  expect((await openai.responses.create({ model: 'stub', input: 'Tell me a story' })).output_text).toBe(streamed)
  const final = await anthropic.messages.stream({ model: 'stub', max_tokens: 20, messages }).finalMessage()
  expect(final.content[0]).toMatchObject({ text: streamed })
  const provider = createOpenAI({ baseURL: url, apiKey: 'any' })
  expect((await generateText({ model: provider.chat('stub'), prompt: 'Tell me', maxRetries: 0 })).text).toBe(streamed)
  const answer = streamText({ model: provider.responses('stub'), prompt: 'Tell me', maxRetries: 0 })
  expect(await answer.text).toBe(streamed)
  await expect.poll(() => wallet.units).toBe((await account()).units)
  expect(wallet.cost).toBe((await account()).cost)
  await stop()
  expect((await account()).vouchers.at(0)?.cumulativeUnits).toBe((await account()).units)
  expect(said).toEqual([])
  expect((await readFile(join(folder, 'receipts.jsonl'), 'utf8')).trim().split('\n')).toHaveLength(6)
})

test('behavior: calls at once, some of which are refused and some aborted, leave both sides agreed', async () => {
  stub.manner = { words: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], delayMs: 5 }
  const { openai, wallet, stop } = await startUser()
  const calls = Array.from({ length: 60 }, async (_, i) => {
    const stopper = new AbortController()
    const stream = await openai.chat.completions.create(
      { model: 'stub', messages, stream: true, max_tokens: 7 },
      { signal: stopper.signal },
    )
    let seen = 0
    for await (const _chunk of stream) if (++seen === (i % 9) + 1) stopper.abort()
  })
  await Promise.allSettled(calls)
  stub.manner = {}
  for (let i = 0; i < 3; i++) await openai.chat.completions.create({ model: 'stub', messages })
  await expect
    .poll(async () => {
      await openai.chat.completions.create({ model: 'stub', messages })
      return wallet.units - (await account()).units
    })
    .toBe(0n)
  expect((await account()).open.units).toBe(0n)
  expect(wallet.unknown()).toEqual([])
  await stop()
})

test('behavior: a wallet goes on after a restart, and adopts the account where its own is lost', async () => {
  const one = await startUser()
  await one.openai.chat.completions.create({ model: 'stub', messages })
  await one.stop()
  const two = await startUser()
  expect(two.wallet.units).toBe((await account()).units)
  await two.openai.chat.completions.create({ model: 'stub', messages })
  await two.stop()
  await rm(join(folder, 'account.json'))
  const three = await startUser()
  await three.openai.chat.completions.create({ model: 'stub', messages })
  expect(three.wallet.units).toBe((await account()).units)
  await three.stop()
})

test('error: a budget that is spent, in the shape of the format', async () => {
  const { openai, anthropic, stop } = await startUser(gateway.url, 100n)
  await expect(openai.chat.completions.create({ model: 'stub', messages })).rejects.toMatchObject({
    ...{ status: 402, code: 'gateway.budget-spent' },
  })
  await expect(anthropic.messages.create({ model: 'stub', max_tokens: 20, messages })).rejects.toMatchObject({
    ...{ status: 402, type: 'billing_error' },
  })
  expect(stub.seen).toHaveLength(0)
  await stop()
})

test.each<[string, (receipt: Record<string, string>, shown: Record<string, unknown>) => void]>([
  ['more units than the call may cost', (receipt) => Object.assign(receipt, { units: '999999' })],
  ['another user', (receipt) => Object.assign(receipt, { user: testAccount('other') })],
  ['another copy', (receipt) => Object.assign(receipt, { copyId: '8' })],
  ['another price', (_, shown) => Object.assign(shown, { price: '4000001' })],
  ['another answer', (receipt) => Object.assign(receipt, { responseHash: `0x${'1'.repeat(64)}` })],
  ['another signature', (_, shown) => Object.assign(shown, { signature: `0x${'1'.repeat(130)}` })],
  ['another epoch than the one signed', (receipt) => Object.assign(receipt, { epoch: '1' })],
])('error: a host whose receipt states %s gets no more calls', async (_, forge) => {
  const forger = await startStubUpstream({
    async handle(request, response, body) {
      if (request.url !== '/v1/chat/completions') return response.writeHead(404).end()
      const answer = await fetch(`${gateway.url}/chat/completions`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-kinmark-voucher': String(request.headers['x-kinmark-voucher']),
        },
        body: JSON.stringify(body),
      })
      const json = (await answer.json()) as { kinmark?: { receipt: Record<string, string> } }
      if (json.kinmark) forge(json.kinmark.receipt, json.kinmark)
      const id = answer.headers.get('x-kinmark-receipt') ?? ''
      const headers = { 'content-type': 'application/json', 'x-kinmark-receipt': id }
      response.writeHead(answer.status, headers).end(JSON.stringify(json))
    },
  })
  const { openai, said, stop } = await startUser(`${forger.url}/v1`)
  await openai.chat.completions.create({ model: 'stub', messages })
  await expect(openai.chat.completions.create({ model: 'stub', messages })).rejects.toThrow('Nothing more is sent')
  expect(said.join()).toContain('The host’s receipt is wrong')
  await stop()
  await forger.close()
})

test('error: a page under another name cannot spend the user’s money', async () => {
  const { url, stop } = await startUser()
  const evil = await fetch(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify({ messages }) })
  expect(evil.status).toBe(415)
  expect(stub.seen).toHaveLength(0)
  await stop()
})
