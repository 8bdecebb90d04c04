import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestDatabase } from '../../../test/database'
import { webhookEvents } from '../../api/webhooks'
import { localAccount } from '../../chain/accounts'
import type { CopyId, ModelId } from '../../chain/ids'
import type { Database } from '../../db/open'
import { webhooks } from '../../db/schema'
import { readEnv } from '../../env'
import type { HostedCopy } from '../read/views'
import { listMessages } from './messages'
import { writeWarnings } from './warn-hosts'
import { createWebhook } from './webhooks'

const owner = localAccount(3).address
const now = 1_800_000_000
const record = { checks: 2, good: 1, checkedAt: 0, problem: 'payer.unreachable' as const, precision: null, speed: null }
const deployment = {
  ...{ copyId: '7' as CopyId, number: 2, operator: '0x1' as const, url: 'https://host.example', origin: null },
  ...{ price: 1n, openedAt: 0, open: true, record },
}
const report = { epoch: 1, receipts: 1n, units: 1000n, fee: 1n, at: 0, tx: '0x0' as const }
const copy: HostedCopy = {
  ...{ copyId: '7' as CopyId, model: { id: '5' as ModelId, name: 'tiny' }, lost: false },
  ...{ fee: 1_000_000n, collateral: 5n, locked: 0n, escrow: 999n, owed: 3n, owedUntil: 77 },
  ...{ unitsCovered: 1999n, deployments: [deployment], payments: [], reports: [report] },
  challenges: [{ epoch: 1, index: 0, at: 0, tx: '0x0', endTx: null, state: 'open', until: 88 }],
}
let database: Database
let ctx: { db: Database['db']; env: ReturnType<typeof readEnv>; master: Uint8Array }

beforeAll(async () => {
  database = await openTestDatabase()
  ctx = { db: database.db, env: readEnv({}), master: randomBytes(32) }
})
afterAll(() => database?.close())
beforeEach(async () => void (await ctx.db.delete(webhooks)))

const make = async () => (await createWebhook(ctx, owner, { url: 'https://example.com/hook', topics: ['hosting'] })).id
const messagesOf = async (id: string) => (await listMessages(ctx, owner, id, { limit: 100 })).items
const write = (ids: string[], hosted: HostedCopy, at = now) =>
  writeWarnings(ctx.db, 31_337, ids, { copies: [hosted] }, at)

test('default: each warning of the hosting page that the chain does not tell is a message', async () => {
  const id = await make()
  await write([id], copy)
  const told = (await messagesOf(id)).map(({ payload }) => JSON.parse(payload))
  const data = Object.fromEntries(told.map(({ type, data }) => [type, data]))
  const about = { copy: '7', model: '5', at: now }
  expect(data).toEqual({
    'host.owes': { ...about, owed: '3', until: 77 },
    'host.collateral-low': { ...about, unitsCovered: '1999', usualUnits: '1000' },
    'host.escrow-low': { ...about, escrow: '999', needed: '1000' },
    'host.unreachable': { ...about, deployment: 2 },
    'host.price-low': { ...about, deployment: 2, price: '1', fee: '1000000' },
  })
  for (const [type, facts] of Object.entries(data)) {
    const { data: schema, topic } = webhookEvents[type as keyof typeof webhookEvents]
    expect(schema.strict().parse(facts)).toEqual(facts)
    expect(topic).toBe('hosting')
  }
})

test('behavior: once a day while it stands, however often it is looked at', async () => {
  const [one, other] = [await make(), await make()]
  const reached = { ...copy, deployments: [] }
  await Promise.all([1, 2, 3].map(() => write([one, other], reached)))
  await write([one, other], reached, now + 60)
  expect(await messagesOf(one)).toHaveLength(3)
  expect((await messagesOf(other)).map(({ id }) => id).sort()).toEqual(
    (await messagesOf(one)).map(({ id }) => id).sort(),
  )
  await write([one], reached, now + 86_400)
  expect(await messagesOf(one)).toHaveLength(6)
})

test('behavior: nothing where all suffices, and nothing more of a copy whose collateral is gone', async () => {
  const id = await make()
  const healthy = { ...copy, escrow: 5000n, owed: 0n, unitsCovered: 5_000_000n, deployments: [], challenges: [] }
  await write([id], healthy)
  await write([id], { ...copy, lost: true })
  expect(await messagesOf(id)).toEqual([])
})
