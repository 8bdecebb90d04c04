import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openTestDatabase } from '../../../test/database'
import { localAccount } from '../../chain/accounts'
import type { Database } from '../../db/open'
import { webhookMessages, webhooks } from '../../db/schema'
import { readEnv } from '../../env'
import { listMessages, sendTest } from './messages'
import { sealSecret } from './secrets'
import { send, takeDue } from './send-due'
import { createWebhook } from './webhooks'

/** What the next questions to DNS are answered, one after the other. */
let names: string[] = []
const asked: string[] = []
vi.mock('node:dns', async (original) => {
  const dns = await original<typeof import('node:dns')>()
  const lookup = (host: string, options: object, done: (...answer: unknown[]) => void) => {
    if (!host.endsWith('.example')) return dns.lookup(host, options as never, done as never)
    asked.push(host)
    const address = names.shift() ?? '127.0.0.1'
    done(null, [{ address, family: address.includes(':') ? 6 : 4 }])
  }
  return { ...dns, default: { ...dns, lookup }, lookup }
})

const owner = localAccount(3).address
let database: Database
let ctx: { db: Database['db']; env: ReturnType<typeof readEnv>; master: Uint8Array }
/** Stands for what is inside the network: nothing may ever reach it. */
let hits = 0
const inside = createServer((_, response) => {
  hits++
  response.end('secret of the network')
})
let port: number

beforeAll(async () => {
  database = await openTestDatabase()
  ctx = { db: database.db, env: readEnv({}), master: randomBytes(32) }
  await new Promise<void>((done) => inside.listen(0, '127.0.0.1', done))
  port = (inside.address() as AddressInfo).port
})
afterAll(async () => {
  inside.close()
  await database?.close()
})
beforeEach(async () => {
  await ctx.db.delete(webhooks)
  hits = 0
})

/** A webhook as if its address had been taken, and one message to it. Returns the only try. */
async function tryOnce(url: string) {
  const id = `wh_${randomBytes(12).toString('hex')}`
  const secret = sealSecret(ctx.master, id, `whsec_${randomBytes(32).toString('base64')}`)
  await ctx.db.insert(webhooks).values({ id, account: owner, url, topics: ['orders'], secret })
  await sendTest(ctx, owner, id)
  for (const one of await takeDue(ctx.db, 1)) await send(ctx, one)
  const { items } = await listMessages(ctx, owner, id, { limit: 1 })
  return { ...items[0].tries[0], state: items[0].state }
}

test.each([
  'https://127.0.0.1/hook',
  'https://127.1/hook',
  'https://2130706433/hook',
  'https://0x7f.1/hook',
  'https://0177.0.0.1/hook',
  'https://10.0.0.1/hook',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/hook',
  'https://[::ffff:127.0.0.1]/hook',
  'https://[fd00::1]/hook',
  'https://[fe80::1]/hook',
  'https://0.0.0.0/hook',
])('error: %s is refused when a webhook is made, and again when one is sent to', async (url) => {
  await expect(createWebhook(ctx, owner, { url, topics: ['orders'] })).rejects.toMatchObject({
    code: 'outbound.address-private',
  })
  expect(await tryOnce(url)).toMatchObject({ status: null, answer: null, state: 'waiting' })
})

test.each([
  'http://example.com/hook',
  'ftp://example.com/hook',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://user:password@example.com/hook',
  'https://',
  'nothing',
])('error: %s is no address for a webhook', async (url) => {
  await expect(createWebhook(ctx, owner, { url, topics: ['orders'] })).rejects.toMatchObject({
    code: 'market.webhook-address',
  })
})

test('error: a name that means this machine or its network is not asked', async () => {
  for (const address of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', '::ffff:127.0.0.1', 'fd12::1']) {
    names = [address]
    const { status, reason } = await tryOnce(`http://inside.example:${port}/`)
    expect([status, reason]).toEqual([null, expect.stringContaining(address)])
  }
  expect((await tryOnce(`http://localhost:${port}/`)).status).toBeNull()
  expect(hits).toBe(0)
})

test('error: a name that is public when it is checked, and private a moment later, reaches nothing inside', async () => {
  // An address of documentation (RFC 9637), which leads nowhere: the connection to it fails.
  names = ['3fff::1', '127.0.0.1']
  asked.length = 0
  const { status } = await tryOnce(`http://rebinding.example:${port}/`)
  expect([status, hits]).toEqual([null, 0])
  expect(asked).toEqual(['rebinding.example'])
  names = []
})

test('error: a redirect into the network is not followed', async () => {
  const outside = createServer((_, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end(),
  )
  await new Promise<void>((done) => outside.listen(0, '127.0.0.1', done))
  ctx.env.privateWebhooks = true
  const { status, reason } = await tryOnce(`http://127.0.0.1:${(outside.address() as AddressInfo).port}/`)
  ctx.env.privateWebhooks = false
  outside.close()
  expect([status, hits]).toEqual([null, 0])
  expect(reason).toContain('redirects are not followed')
})

test('behavior: of an endless answer, the beginning is read', async () => {
  const outside = createServer((_, response) => {
    const flood = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
    }
    response.on('drain', flood)
    flood()
  })
  await new Promise<void>((done) => outside.listen(0, '127.0.0.1', done))
  ctx.env.privateWebhooks = true
  const { status, answer, ms } = await tryOnce(`http://127.0.0.1:${(outside.address() as AddressInfo).port}/`)
  ctx.env.privateWebhooks = false
  outside.closeAllConnections()
  outside.close()
  expect([status, answer]).toEqual([200, 'x'.repeat(512)])
  expect(ms).toBeLessThan(5_000)
})

test('behavior: an answer that never ends holds up nobody for longer than ten seconds', async () => {
  const outside = createServer((_, response) => {
    response.writeHead(200)
    const drip = setInterval(() => response.write('.'), 500)
    response.on('close', () => clearInterval(drip))
  })
  await new Promise<void>((done) => outside.listen(0, '127.0.0.1', done))
  ctx.env.privateWebhooks = true
  const { status, reason } = await tryOnce(`http://127.0.0.1:${(outside.address() as AddressInfo).port}/`)
  ctx.env.privateWebhooks = false
  outside.closeAllConnections()
  outside.close()
  expect([status, reason]).toEqual([null, expect.stringContaining('within 10 s')])
  expect(await ctx.db.$count(webhookMessages)).toBe(1)
})
