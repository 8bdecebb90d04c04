import { randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eq, sql } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { type Abi, type Address, zeroAddress } from 'viem'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { contracts } from '../../../bench/index/events'
import { openTestDatabase } from '../../../test/database'
import { eventLog } from '../../../test/fixtures/event-log'
import { webhookTopics } from '../../api/webhook-topics'
import { webhookEvents } from '../../api/webhooks'
import { localAccount } from '../../chain/accounts'
import {
  caseCourtAbi,
  challengeCourtAbi,
  copyRegistryAbi,
  modelRegistryAbi,
  modelSharesAbi,
  treasuryAbi,
  usageLedgerAbi,
} from '../../chain/generated'
import type { Database } from '../../db/open'
import { webhookMessages, webhookPlaces, webhooks } from '../../db/schema'
import { readEnv } from '../../env'
import { apply } from '../../indexer/apply'
import { undoAfter } from '../../indexer/undo'
import { announce, settledBlock } from './announce'
import { listMessages, replayFailed, replayMessage, sendTest } from './messages'
import { send, takeDue } from './send-due'
import { changeSecret, createWebhook, enableWebhook, endWebhook, listWebhooks } from './webhooks'

const [creator, buyer, minter, holder, prover, stranger] = [2, 3, 4, 5, 6, 7].map(
  (index) => localAccount(index).address,
)
const shares = localAccount(8).address
const hash = `0x${'ab'.repeat(32)}` as const
/** Not the local chain: events wait until their block is final. */
const chain = { chainId: 10, contracts }

type Ctx = { db: Database['db']; env: ReturnType<typeof readEnv>; master: Uint8Array }
let database: Database
let ctx: Ctx

type Received = { headers: IncomingHttpHeaders; body: string }
let received: Received[] = []
let answer: (response: ServerResponse) => void = (response) => response.end()
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  received.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
  answer(response)
})
let site: string

beforeAll(async () => {
  database = await openTestDatabase()
  ctx = { db: database.db, env: { ...readEnv({}), privateWebhooks: true }, master: randomBytes(32) }
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await happen(modelRegistry('Registered', { id: 1n, creator, shares }))
  await happen(share('Transfer', { from: zeroAddress, to: creator, value: 10n }))
  await happen(share('Transfer', { from: creator, to: holder, value: 4n }))
  await announce(ctx.db, chain, block)
})
afterAll(async () => {
  server.close()
  await database?.close()
})
beforeEach(async () => {
  await ctx.db.delete(webhooks)
  received = []
  answer = (response) => response.end()
})

let block = 0
const emitter = (address: Address, abi: Abi) => (name: string, args: object) =>
  eventLog({ address, abi, index: ++block, tx: `0x${block.toString(16).padStart(64, '0')}` }, name, args)
const modelRegistry = emitter(contracts.modelRegistry, modelRegistryAbi)
const copyRegistry = emitter(contracts.copyRegistry, copyRegistryAbi)
const treasury = emitter(contracts.treasury, treasuryAbi)
const usage = emitter(contracts.usageLedger, usageLedgerAbi)
const court = emitter(contracts.caseCourt, caseCourtAbi)
const challenges = emitter(contracts.challengeCourt, challengeCourtAbi)
const share = emitter(shares, modelSharesAbi)

type Log = ReturnType<typeof eventLog>
/** Each log in a block of its own. Blocks after `final` can be undone. */
const happen = (log: Log, final = -1) => apply([log], ctx.db, contracts, final)

let copies = 0n
const ordered = () =>
  copyRegistry('Ordered', {
    ...{ id: ++copies, modelId: 1n, buyer, version: 1, minter, price: 1000n, collateral: 500n, leakBond: 0n },
    ...{ leakTail: 0, mintFee: 0, penalty: 5n, termsHash: hash, buyerSeedHash: hash, deliverDeadline: 9n },
  })

const make = (account: Address = buyer, topics = [...webhookTopics]) =>
  createWebhook(ctx, account, { url: `${site}/hook`, topics })
const messagesOf = async (id: string, account: Address = buyer) =>
  (await listMessages(ctx, account, id, { limit: 100 })).items
const typesOf = async (id: string, account: Address = buyer) =>
  (await messagesOf(id, account)).map(({ type }) => type).reverse()

/** Sends all that is due now. */
async function sendAll(): Promise<number> {
  for (let sent = 0; ; ) {
    const taken = await takeDue(ctx.db, 10)
    if (taken.length === 0) return sent
    for (const one of taken) await send(ctx, one)
    sent += taken.length
  }
}
/** As if the pauses of messages and webhooks were over. */
async function later(): Promise<void> {
  await ctx.db.update(webhooks).set({ restsUntil: new Date(0) })
  await ctx.db
    .update(webhookMessages)
    .set({ dueAt: new Date(0) })
    .where(sql`due_at is not null`)
}

test('default: an event in a final block becomes one message, which Standard Webhooks’ own library verifies', async () => {
  const { id, secret } = await make()
  const log = ordered()
  await happen(log)
  await announce(ctx.db, chain, block - 1)
  expect(await messagesOf(id)).toEqual([])
  await announce(ctx.db, chain, block)
  await announce(ctx.db, chain, block)
  expect(await typesOf(id)).toEqual(['order.placed'])

  expect(await sendAll()).toBe(1)
  const [{ headers, body }] = received
  const told = new Webhook(secret).verify(body, headers as Record<string, string>)
  expect(told).toEqual({
    type: 'order.placed',
    timestamp: new Date(1000 * log.at).toISOString(),
    data: { copy: String(copies), model: '1', buyer, minter, price: '1000', at: log.at, tx: log.tx },
  })
  expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow()
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': expect.stringMatching(/^evt_/) })
  expect(await messagesOf(id)).toMatchObject([
    { state: 'arrived', attempts: 1, payload: body, tries: [{ status: 200, reason: null, answer: '' }] },
  ])
  expect(await sendAll()).toBe(0)
})

test('behavior: what a block did that was undone is told by nobody', async () => {
  const { id } = await make()
  const before = block
  await happen(ordered(), before)
  await happen(copyRegistry('Accepted', { id: copies }), before)
  await undoAfter(ctx.db, before)
  await happen(ordered(), before)
  await announce(ctx.db, chain, block)
  expect(await typesOf(id)).toEqual(['order.placed'])
  expect(JSON.parse((await messagesOf(id))[0].payload).data.copy).toBe(String(copies))
})

test('behavior: final is what cannot be undone; a local chain has no finality', () => {
  const step = { head: 900, indexed: 900, final: 700, newLogs: 0, rewound: false }
  expect(settledBlock({ chainId: 10 }, step)).toBe(700)
  expect(settledBlock({ chainId: 31337 }, step)).toBe(900)
})

test('behavior: however many processes write at once, and whenever one ends, there is one message', async () => {
  const { id } = await make()
  for (let i = 0; i < 5; i++) await happen(ordered())
  await Promise.all(Array.from({ length: 5 }, () => announce(ctx.db, chain, block)))
  expect(await typesOf(id)).toEqual(Array(5).fill('order.placed'))
  // A place that is behind, as after a crash between two databases: ids are those of the chain.
  await ctx.db.update(webhookPlaces).set({ block: block - 3 })
  await announce(ctx.db, chain, block)
  expect(await typesOf(id)).toEqual(Array(5).fill('order.placed'))
})

test('behavior: the parties hear of an event, those who chose its topic, and nobody else', async () => {
  const all = await Promise.all([buyer, minter, creator, holder, prover, stranger].map((account) => make(account)))
  const cases = await make(buyer, ['cases'])
  const cuts = { protocolCut: 0n, proverCut: 0n, minterCut: 0n, minter }
  const opened = { subject: copies + 1n, opener: prover, kind: 0, accused: buyer, target: hash, evidence: 'seen' }
  for (const log of [
    ordered(),
    copyRegistry('DeliveryRefused', { id: copies, reason: 1, evidence: 'a\0b', answerDeadline: 9n }),
    treasury('Paid', { id: 1n, payer: buyer, amount: 100n, ...cuts }),
    usage('Reported', {
      ...{ copyId: copies, epoch: 3n, count: 2n, units: 5n, receiptsRoot: hash, fee: 7n, owed: 0n },
      locked: 0n,
    }),
    challenges('Challenged', {
      ...{ receiptHash: hash, copyId: copies, challenger: prover, epoch: 3n, index: 1n, committedAt: 5n },
    }),
    court('Opened', { id: 1n, ...opened }),
    court('Drawn', { id: 1n, round: 0, panel: [prover], eighth: 1, commitUntil: 5n, revealUntil: 6n }),
    court('CaseClosed', { id: 1n, verdict: 1, taken: 5n, bounty: 1n }),
  ])
    await happen(log)
  await announce(ctx.db, chain, block)
  const found = await Promise.all(
    [buyer, minter, creator, holder, prover, stranger].map((account, i) => typesOf(all[i].id, account)),
  )
  const ofCases = ['case.opened', 'case.drawn', 'case.closed']
  const ofCopy = ['order.placed', 'delivery.refused']
  expect(found).toEqual([
    [...ofCopy, 'report.filed', 'challenge.opened', ...ofCases],
    [...ofCopy, ...ofCases],
    [...ofCopy, 'payment.received', 'report.filed', 'challenge.opened', ...ofCases],
    ['payment.received'],
    ['challenge.opened', ...ofCases],
    [],
  ])
  expect(await typesOf(cases.id)).toEqual(ofCases)
  for (const { type, payload } of await messagesOf(all[2].id, creator)) {
    const { data } = JSON.parse(payload)
    expect(webhookEvents[type as keyof typeof webhookEvents].data.strict().parse(data)).toEqual(data)
  }
})

test('behavior: what fails is sent again, later each time, under the same id, until it is given up or arrives', async () => {
  const { id } = await make()
  await happen(ordered())
  await announce(ctx.db, chain, block)
  answer = (response) => response.writeHead(500).end('down\0')
  const pauses: number[] = []
  for (let tries = 1; ; tries++) {
    expect(await sendAll()).toBe(1)
    const [{ attempts, dueAt, state }] = await messagesOf(id)
    expect(attempts).toBe(tries)
    if (dueAt === null) {
      expect(state).toBe('failed')
      break
    }
    expect(await sendAll()).toBe(0)
    pauses.push(dueAt - Date.now() / 1000)
    await later()
  }
  expect(pauses).toHaveLength(13)
  for (const [i, pause] of pauses.entries()) {
    const full = Math.min(5 * 4 ** i, 43_200)
    expect(pause).toBeGreaterThan(0.8 * full - 3)
    expect(pause).toBeLessThan(1.2 * full + 3)
  }
  expect(pauses.reduce((sum, pause) => sum + pause) / 86_400).toBeGreaterThan(2)
  expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  await later()
  expect(await sendAll()).toBe(0)

  answer = (response) => response.end()
  expect(await replayFailed(ctx, buyer, id)).toBe(1)
  expect(await replayFailed(ctx, buyer, id)).toBe(0)
  await later()
  expect(await sendAll()).toBe(1)
  const [message] = await messagesOf(id)
  expect(message).toMatchObject({ state: 'arrived', attempts: 1, tries: expect.any(Array) })
  expect(message.tries.map(({ status }) => status)).toEqual([200, ...Array(14).fill(500)])

  await replayMessage(ctx, buyer, id, message.id)
  expect(await sendAll()).toBe(1)
  expect(received.at(-1)?.headers['webhook-id']).toBe(message.id)
  expect(await ctx.db.$count(webhookMessages, eq(webhookMessages.webhook, id))).toBe(1)
})

test('behavior: one that has had no success for three days is disabled, and goes on with what waits', async () => {
  const { id } = await make()
  await sendTest(ctx, buyer, id)
  answer = (response) => response.writeHead(503).end()
  await sendAll()
  const [{ failingSince }] = await listWebhooks(ctx, buyer)
  expect(failingSince).not.toBeNull()
  await ctx.db.update(webhooks).set({ failingSince: new Date(Date.now() - 3.1 * 86_400_000) })
  await later()
  await sendAll()
  expect(await listWebhooks(ctx, buyer)).toMatchObject([{ disabled: 'failing', disabledAt: expect.any(Number) }])
  await happen(ordered())
  await announce(ctx.db, chain, block)
  await later()
  expect(await sendAll()).toBe(0)
  answer = (response) => response.end()
  expect(await enableWebhook(ctx, buyer, id)).toMatchObject({ disabled: null, failingSince: null })
  expect(await sendAll()).toBe(1)
  expect(await messagesOf(id)).toMatchObject([{ type: 'webhook.test', state: 'arrived' }])
})

test('behavior: a success in between starts the three days anew; 410 ends it at once', async () => {
  const { id } = await make()
  await sendTest(ctx, buyer, id)
  answer = (response) => response.writeHead(500).end()
  await sendAll()
  answer = (response) => response.end()
  await later()
  await sendAll()
  expect(await listWebhooks(ctx, buyer)).toMatchObject([{ failingSince: null, disabled: null }])
  await sendTest(ctx, buyer, id)
  answer = (response) => response.writeHead(410).end()
  await sendAll()
  expect(await listWebhooks(ctx, buyer)).toMatchObject([{ disabled: 'gone' }])
  expect((await messagesOf(id))[0]).toMatchObject({ state: 'failed', attempts: 1 })
})

test('behavior: a process that ends in the middle loses nothing, and two never send the same', async () => {
  const { id } = await make()
  const other = await make()
  await sendTest(ctx, buyer, id)
  await sendTest(ctx, buyer, other.id)
  const taken = (await Promise.all(Array.from({ length: 6 }, () => takeDue(ctx.db, 10)))).flat()
  expect(taken.map(({ webhook }) => webhook.id).sort()).toEqual([id, other.id].sort())
  // Both processes end here.
  expect(await sendAll()).toBe(0)
  await later()
  expect(await sendAll()).toBe(2)
  // One of them was only slow: what it writes down does not undo what came after.
  answer = (response) => response.writeHead(500).end()
  await send(ctx, taken[0])
  expect(await messagesOf(taken[0].webhook.id)).toMatchObject([{ state: 'arrived', attempts: 2 }])
})

test('behavior: a webhook has one request at a time, in the order of the chain', async () => {
  const { id } = await make()
  for (let i = 0; i < 3; i++) await happen(ordered())
  await announce(ctx.db, chain, block)
  const [first] = await takeDue(ctx.db, 10)
  expect(await takeDue(ctx.db, 10)).toEqual([])
  await send(ctx, first)
  await sendAll()
  const told = received.map(({ body }) => Number(JSON.parse(body).data.copy))
  expect(told).toEqual([...told].sort((a, b) => a - b))
  expect(told).toHaveLength(3)
  expect(await typesOf(id)).toHaveLength(3)
})

test('behavior: after a change both secrets sign for a day, then the new one alone', async () => {
  const { id, secret } = await make()
  const changed = await changeSecret(ctx, buyer, id)
  expect(changed.secret).not.toBe(secret)
  expect(changed.formerUntil! - Date.now() / 1000).toBeGreaterThan(86_000)
  const verifies = (which: string) => {
    const { headers, body } = received.at(-1)!
    try {
      new Webhook(which).verify(body, headers as Record<string, string>)
      return true
    } catch {
      return false
    }
  }
  await sendTest(ctx, buyer, id)
  await sendAll()
  expect([verifies(secret), verifies(changed.secret)]).toEqual([true, true])
  await ctx.db.update(webhooks).set({ formerUntil: new Date(Date.now() - 1000) })
  await sendTest(ctx, buyer, id)
  await sendAll()
  expect([verifies(secret), verifies(changed.secret)]).toEqual([false, true])
})

test('behavior: the database and the lists have no secret, and another account has no webhook', async () => {
  const { id, secret } = await make()
  await sendTest(ctx, buyer, id)
  await sendAll()
  const [message] = await messagesOf(id)
  const stored = JSON.stringify([await ctx.db.select().from(webhooks), await ctx.db.select().from(webhookMessages)])
  expect(stored).not.toContain(secret.slice(6))
  expect(JSON.stringify(await listWebhooks(ctx, buyer))).not.toContain('whsec')
  const foreign = { code: 'market.webhook-unknown', status: 404 }
  expect(await listWebhooks(ctx, stranger)).toEqual([])
  await expect(listMessages(ctx, stranger, id, { limit: 1 })).rejects.toMatchObject(foreign)
  await expect(replayMessage(ctx, stranger, id, message.id)).rejects.toMatchObject(foreign)
  await expect(replayFailed(ctx, stranger, id)).rejects.toMatchObject(foreign)
  await expect(sendTest(ctx, stranger, id)).rejects.toMatchObject(foreign)
  await expect(changeSecret(ctx, stranger, id)).rejects.toMatchObject(foreign)
  await expect(enableWebhook(ctx, stranger, id)).rejects.toMatchObject(foreign)
  await expect(endWebhook(ctx, stranger, id)).rejects.toMatchObject(foreign)
  const own = await make(stranger)
  await expect(replayMessage(ctx, stranger, own.id, message.id)).rejects.toMatchObject({
    code: 'market.message-unknown',
  })
  await endWebhook(ctx, buyer, id)
  expect(await ctx.db.$count(webhookMessages)).toBe(0)
})

test('behavior: messages have pages', async () => {
  const { id } = await make()
  for (let i = 0; i < 5; i++) await sendTest(ctx, buyer, id)
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await listMessages(ctx, buyer, id, { limit: 2, cursor })
    seen.push(...page.items.map((message) => message.id))
    cursor = page.next ?? undefined
  } while (cursor)
  expect(seen).toEqual((await messagesOf(id)).map((message) => message.id))
  expect(new Set(seen).size).toBe(5)
})

test('error: an account has ten webhooks at most', async () => {
  for (let i = 0; i < 10; i++) await make()
  await expect(make()).rejects.toMatchObject({ code: 'market.webhooks-many', facts: { limit: 10 } })
})
