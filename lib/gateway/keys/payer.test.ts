import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { zeroAddress } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { price, startTestGateway } from '../../../test/gateway'
import { promptTokens, type StubUpstream, startStubUpstream } from '../../../test/stub-upstream'
import { spentOf } from '../books'
import { chat } from '../formats/chat'
import { mostUnits } from '../most-units'
import { type CustomerKey, hashOfKey, idOfKey, type KeyStore, newCustomerKey } from './customer-key'
import { keyFile } from './key-file'
import { keyPayer } from './payer'

let folder: string
let stub: StubUpstream
let keys: KeyStore
let gateway: Awaited<ReturnType<typeof startTestGateway>>

const start = () =>
  startTestGateway(stub.url, {
    folder: join(folder, 'receipts'),
    payers: (books) => {
      const counter = new RateLimiterMemory({ points: 1, duration: 60 })
      return [keyPayer({ books, keys, counter, price, answerTokens: 50 })]
    },
  })
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinmark-keys-'))
  stub = await startStubUpstream()
  keys = keyFile(join(folder, 'keys.json'))
  gateway = await start()
})
afterEach(async () => {
  await gateway.stop()
  await stub.close()
  await rm(folder, { recursive: true })
})

async function give(more: Partial<CustomerKey> = {}): Promise<{ text: string; key: CustomerKey }> {
  const text = newCustomerKey()
  const none = { name: 'Ada', budget: null, perMinute: null, createdAt: 1, expiresAt: null, revokedAt: null }
  const key = { ...none, hash: hashOfKey(text), ...more }
  await keys.add(key)
  return { text, key }
}

const body = { model: 'stub', messages: [{ role: 'user' as const, content: 'Tell me' }], max_tokens: 4 }
const most = mostUnits(body, chat, 4)
const cost = BigInt(promptTokens(body) + 4)
const spent = async (key: CustomerKey) => (await gateway.books.purses()).find(({ owner }) => owner === key.hash)

async function ask(key: string, more: object = {}) {
  const answer = await fetch(`${gateway.url}/chat/completions`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` } },
    body: JSON.stringify({ ...body, ...more }),
  })
  const json = (await answer.json()) as {
    kinmark?: { receipt: { user: string } }
    error?: { code: string; type: string }
  }
  return { status: answer.status, code: json.error?.code, json, headers: answer.headers }
}

test('default: the unmodified clients take a host’s key, and its receipts are those of all calls', async () => {
  const { text, key } = await give({ budget: 1_000_000n })
  const openai = new OpenAI({ baseURL: gateway.url, apiKey: text, maxRetries: 0 })
  const anthropic = new Anthropic({ baseURL: gateway.url.replace(/\/v1$/, ''), apiKey: text, maxRetries: 0 })
  await openai.chat.completions.create(body)
  await anthropic.messages.create(body)
  for await (const _ of await openai.chat.completions.create({ ...body, stream: true }));
  expect(await spent(key)).toMatchObject({ spent: 3n * cost * price, open: 0n })
  expect(gateway.books.epochUnits).toBe(3n * cost)
  expect((await ask(text)).json.kinmark?.receipt.user).toBe(zeroAddress)
  expect(stub.seen.every((seen) => !JSON.stringify(seen).includes(text))).toBe(true)
})

test('behavior: one thousand calls at once never exceed a budget by one unit, also after a restart', async () => {
  const fits = 37n
  // the last call needs its most, the others cost what they cost
  const { text, key } = await give({ budget: ((fits * cost + most) * price) / 1_000_000n })
  const answers = await Promise.all(Array.from({ length: 1000 }, () => ask(text)))
  const paid = answers.filter(({ status }) => status === 200).length
  expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([undefined, 'gateway.key-budget-spent']))
  expect(await spent(key)).toMatchObject({ spent: BigInt(paid) * cost * price, open: 0n })
  await gateway.stop()
  gateway = await start()
  let more = 0
  while ((await ask(text)).status === 200) more++
  const all = (await spent(key))?.spent ?? 0n
  expect(all).toBe(BigInt(paid + more) * cost * price)
  expect(all).toBeLessThanOrEqual((key.budget ?? 0n) * 1_000_000n)
  expect(BigInt(paid + more)).toBe(fits + 1n)
  expect((await spentOf(join(folder, 'receipts'))).get(key.hash)).toBe(all)
  gateway.clock.set(1_800_003_600n)
  await gateway.books.turn()
  await gateway.stop()
  gateway = await start()
  expect((await spent(key))?.spent).toBe(all)
}, 60_000)

test('behavior: an answer without a limit may take what is left', async () => {
  const { max_tokens: _, ...open } = body
  const prompt = mostUnits(open, chat, 0)
  const { text } = await give({ budget: ((prompt + 3n) * price) / 1_000_000n })
  expect((await ask(text, { max_tokens: undefined })).status).toBe(200)
  expect(stub.seen[0]).toMatchObject({ max_tokens: 3 })
  const rich = await give()
  await ask(rich.text, { max_tokens: undefined })
  expect(stub.seen[1]).toMatchObject({ max_tokens: 50 })
})

test('behavior: calls a minute are limited, and the headers say how', async () => {
  const { text } = await give({ perMinute: 2 })
  const [first, second, third] = [await ask(text), await ask(text), await ask(text)]
  expect(first.headers.get('ratelimit-policy')).toBe('"calls";q=2;w=60')
  expect(first.headers.get('ratelimit')).toMatch(/^"calls";r=1;t=\d+$/)
  expect(second.headers.get('ratelimit')).toMatch(/^"calls";r=0;t=\d+$/)
  expect(third).toMatchObject({ status: 429, code: 'gateway.key-rate-exceeded' })
  expect(third.json.error?.type).toBe('rate_limit_error')
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(stub.seen).toHaveLength(2)
})

test('error: a key that is unknown, has expired or was revoked, and a call that pays in no way', async () => {
  expect(await ask(newCustomerKey())).toMatchObject({ status: 401, code: 'gateway.key-unknown' })
  const expired = await give({ expiresAt: Math.floor(Date.now() / 1000) })
  expect(await ask(expired.text)).toMatchObject({ status: 401, code: 'gateway.key-expired' })
  const { text, key } = await give()
  expect((await ask(text)).status).toBe(200)
  await keyFile(join(folder, 'keys.json')).revoke(idOfKey(key), 5) // by another process
  await expect.poll(async () => (await ask(text)).code).toBe('gateway.key-revoked')
  expect(await ask('any')).toMatchObject({ status: 402, code: 'gateway.payment-missing' })
})

test('behavior: a stored key cannot be used, and the file is its owner’s alone', async () => {
  const { text, key } = await give()
  const file = join(folder, 'keys.json')
  expect(await readFile(file, 'utf8')).not.toContain(text.slice(3))
  expect((await stat(file)).mode & 0o077).toBe(0)
  expect(await ask(`km_${key.hash}`)).toMatchObject({ status: 401 })
  expect(await ask(`km_${key.hash.slice(2)}`)).toMatchObject({ status: 401 })
})
