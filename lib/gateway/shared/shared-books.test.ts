import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { Client, Pool } from 'pg'
import { bytesToHex, type Hex, hexToBytes, zeroAddress } from 'viem'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { newPostgresDatabase } from '../../../test/database'
import {
  chainId,
  copyId,
  openTestBooks,
  price,
  signedVoucher,
  testAccount,
  testKey,
  usageLedger,
  voucherHeaders,
} from '../../../test/gateway'
import { postgresPrograms, startPostgres } from '../../../test/postgres'
import { type StubUpstream, startStubUpstream } from '../../../test/stub-upstream'
import { compactSumTree } from '../../metering/compact-sum-tree'
import { receiptTree } from '../../metering/receipt'
import { receiptHasher, recoverSigner } from '../../metering/signer'
import { type Account, amountUp } from '../account'
import { type Answered, type Books, openBooks } from '../books'
import { epochClock } from '../epoch-clock'
import { chat } from '../formats/chat'
import { hashOfKey, newCustomerKey } from '../keys/customer-key'
import type { StoredReceipt } from '../log/records'
import { mostUnits } from '../most-units'
import { holdUnits } from '../vouchers'
import { keyTable } from './key-table'
import { leaveFolder } from './move-in'

const user = testAccount('user')
const body = { model: 'stub', messages: [{ role: 'user', content: 'Tell me' }], max_tokens: 4 }
const most = mostUnits(body, chat, 4)
const hash = bytesToHex(new Uint8Array(32).fill(5))
const randomId = (): Hex => bytesToHex(randomBytes(16))
const answered = (more: Partial<Answered> = {}): Answered => ({
  ...{ id: randomId(), user: zeroAddress, promptHash: hash, responseHash: hash, salt: hash, units: 7n, price },
  ...{ counted: 'upstream', paid: null, ...more },
})

let database: string
let stub: StubUpstream
let clock: ReturnType<typeof epochClock>
const children: ChildProcess[] = []
const opened: Books[] = []

async function open(operator: string, more: Partial<Parameters<typeof openTestBooks>[1]> = {}): Promise<Books> {
  const books = await openTestBooks(database, { operatorKey: testKey(operator), clock, ...more })
  opened.push(books)
  return books
}

/** A gateway in a process of its own. */
async function start(operator: string, reserved = 10n ** 9n) {
  const args = [database, operator, stub.url, `${reserved}`]
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/shared-gateway-process.ts', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const [line] = await once(createInterface(child.stdout), 'line')
  return { child, url: String(line) }
}

type Asked = { status: number; units: bigint; id: string }

async function ask(url: string, headers: Record<string, string>): Promise<Asked> {
  const answer = await fetch(`${url}/chat/completions`, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json', ...headers },
  })
  const json = (await answer.json()) as { kinmark?: { receipt: { units: string } } }
  const units = BigInt(json.kinmark?.receipt.units ?? 0)
  return { status: answer.status, units, id: answer.headers.get('x-kinmark-receipt') ?? '' }
}

async function receiptsOf(books: Books): Promise<StoredReceipt[]> {
  const receipts: StoredReceipt[] = []
  for (;;) {
    const stored = await books.receiptAt(books.epoch, BigInt(receipts.length))
    if (!stored) return receipts
    receipts.push(stored)
  }
}

beforeAll(() => {
  expect(postgresPrograms(), 'Postgres').not.toBeNull()
})
beforeEach(async () => {
  database = await newPostgresDatabase()
  stub = await startStubUpstream()
  clock = epochClock(3600n)
  clock.set(1_800_000_000n)
})
afterEach(async () => {
  for (const books of opened.splice(0)) await books.close()
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await stub.close()
})

test('default: 1,000 calls of one user at two gateways at once never exceed its reservation by one unit', async () => {
  const reserved = (40n * most * price) / 1_000_000n
  const gateways = [await start('first', reserved), await start('second', reserved)]
  stub.manner = { delayMs: 30 }
  const calls = Array.from({ length: 1000 }, (_, i) => voucherHeaders(signedVoucher(most, BigInt(i + 1) * most)))
  for (let i = calls.length - 1; i > 0; i--) {
    const j = (i * 7919) % (i + 1)
    ;[calls[i], calls[j]] = [calls[j], calls[i]]
  }
  const answers = await Promise.all(calls.map((headers, i) => ask(gateways[i % 2].url, headers)))
  const paid = answers.filter(({ status }) => status === 200)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 402]))
  const books = await open('third')
  await books.turn()
  const account = await books.account(user)
  expect(account.units).toBe(paid.reduce((sum, { units }) => sum + units, 0n))
  expect(amountUp(account.cost)).toBeLessThanOrEqual(reserved)
  for (const { cumulativeAmount } of account.vouchers) expect(cumulativeAmount).toBeLessThanOrEqual(reserved)
  await expect.poll(async () => (await books.accounts())[0].open).toEqual({ units: 0n, cost: 0n })

  const receipts = await receiptsOf(books)
  expect(receipts).toHaveLength(paid.length)
  expect(new Set(receipts.map(({ id }) => `rcpt_${id.slice(2)}`))).toEqual(new Set(paid.map(({ id }) => id)))
  const hasher = receiptHasher(chainId, usageLedger)
  const signers = receipts.map(({ receipt, signature }) =>
    recoverSigner(hasher.digest(hasher.hash(receipt)), hexToBytes(signature)),
  )
  expect(new Set(signers)).toEqual(new Set([testAccount('first'), testAccount('second')]))
})

test('behavior: kill -9 of a gateway under load: the other goes on, every answer that ended has its receipt, and what was promised is free again', async () => {
  const [first, second] = [await start('first'), await start('second')]
  stub.manner = { delayMs: 20 }
  let call = 0n
  const seen: string[] = []
  const failures: unknown[] = []
  const load = async (url: string, until: () => boolean) => {
    while (!until()) {
      call += 1n
      const headers = voucherHeaders(signedVoucher(most, call * most))
      const asked = await ask(url, headers).catch((error) => void failures.push(error))
      if (asked?.status === 200) seen.push(asked.id)
    }
  }
  let [killed, over] = [false, false]
  const loads = [
    ...Array.from({ length: 8 }, () => load(first.url, () => killed)),
    ...Array.from({ length: 8 }, () => load(second.url, () => over)),
  ]
  await expect.poll(() => seen.length).toBeGreaterThan(60)
  first.child.kill('SIGKILL')
  killed = true
  const before = seen.length
  await expect.poll(() => seen.length).toBeGreaterThan(before + 60)
  over = true
  await Promise.all(loads)
  expect(failures.length).toBeLessThanOrEqual(8)
  const books = await open('third')
  const receipts = await receiptsOf(books)
  const ids = new Set(receipts.map(({ id }) => `rcpt_${id.slice(2)}`))
  expect(seen.filter((id) => !ids.has(id))).toEqual([])
  expect(receipts.map(({ receipt }) => receipt.index)).toEqual(receipts.map((_, i) => BigInt(i)))
  expect(receipts.length - seen.length).toBeLessThanOrEqual(8)
  const charged = receipts.reduce((sum, { receipt }) => sum + receipt.units, 0n)
  expect((await books.account(user)).units).toBe(charged)
  await expect
    .poll(async () => books.turn().then(async () => (await books.accounts())[0].open))
    .toEqual({ units: 0n, cost: 0n })
})

test('behavior: a customer’s budget holds over both gateways, and a key that one was told of is known to the other', async () => {
  const gateways = [await start('first'), await start('second')]
  const pool = new Pool({ connectionString: database })
  const keys = keyTable(pool, { chainId, copyId })
  const budget = amountUp(10n * most * price)
  const text = newCustomerKey()
  const key = {
    ...{ hash: hashOfKey(text), name: 'Ada', budget, perMinute: null, createdAt: 1, expiresAt: null, revokedAt: null },
  }
  await keys.add(key)
  expect(await keys.list()).toEqual([key])
  stub.manner = { delayMs: 30 }
  const headers = { authorization: `Bearer ${text}` }
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => ask(gateways[i % 2].url, headers)))
  const paid = answers.filter(({ status }) => status === 200)
  expect(paid.length).toBeGreaterThan(1)
  const books = await open('third')
  const [purse] = await books.purses()
  expect(purse).toMatchObject({ owner: key.hash, spent: paid.reduce((sum, { units }) => sum + units, 0n) * price })
  expect(purse.spent).toBeLessThanOrEqual(budget * 1_000_000n)
  const { hash: named } = key
  await keys.revoke(`key_${named.slice(2, 18)}`, 99)
  for (const { url } of gateways) expect((await ask(url, headers)).status).toBe(401)
  await pool.end()
})

test('default: receipts of two gateways are one sequence and one tree; who is late signs in the epoch that has begun', async () => {
  const late = epochClock(3600n)
  late.set(1_800_000_000n)
  const [first, second] = [await open('first'), await open('second', { clock: late })]
  const books = [first, second]
  const issued = await Promise.all(
    Array.from({ length: 40 }, (_, i) => books[i % 2].issue(answered({ units: BigInt(i + 1) }))),
  )
  const { epoch } = first
  expect(issued.map(({ receipt }) => receipt.index).toSorted((a, b) => Number(a - b))).toEqual(
    issued.map((_, i) => BigInt(i)),
  )
  clock.set(1_800_003_600n)
  await first.turn()
  const { receipt } = await second.issue(answered())
  expect(receipt).toMatchObject({ epoch: epoch + 1n, index: 0n, issuedAt: 1_800_003_600n })
  expect(await second.closedEpochs()).toEqual([epoch])
  const receipts = issued.map(({ receipt }) => receipt).toSorted((a, b) => Number(a.index - b.index))
  const { hashes, units } = await second.leaves(epoch)
  const compact = await compactSumTree(hashes, BigUint64Array.from(units))
  const tree = receiptTree(receipts)
  expect([compact.root, compact.count, compact.sum]).toEqual([tree.root, 40n, 820n])
  expect(await second.find(issued[0].id)).toEqual(issued[0])
  expect(await second.find(randomId())).toBeNull()
})

const promise = (units: bigint, cumulative: bigint) => {
  const call = signedVoucher(units, cumulative)
  return {
    hold: (books: Books) => books.onAccount(user, (account: Account) => holdUnits(account, call, price)),
    release: (books: Books) =>
      books.giveBack({ user, price, paid: { by: 'voucher', voucher: call.voucher } }, { units, epochUnits: 0n }),
    call,
  }
}

test('behavior: what one gateway has promised binds the other, and is free once it has been gone for long enough', async () => {
  const first = await open('first')
  const second = await open('second')
  await promise(60n, 100n).hold(first)
  await expect(promise(60n, 100n).hold(second)).rejects.toMatchObject({ code: 'gateway.voucher-used' })
  await expect(promise(50n, 99n).hold(second)).rejects.toMatchObject({ code: 'gateway.voucher-units-low' })
  expect((await second.accounts())[0].open).toEqual({ units: 60n, cost: 60n * price })
  await first.close()
  await second.turn()
  await expect(promise(50n, 99n).hold(second)).rejects.toMatchObject({ code: 'gateway.voucher-units-low' })
  await wait(1200)
  await second.turn()
  await promise(50n, 99n).hold(second)
})

test('behavior: the units that all gateways may still answer in an epoch are one cap', async () => {
  const [first, second] = [await open('first'), await open('second')]
  await first.openUnits(60n, 100n)
  await expect(second.openUnits(41n, 100n)).rejects.toMatchObject({ code: 'gateway.key-cap-reached' })
  await second.openUnits(40n, 100n)
  await first.issue(answered({ units: 10n, aside: { units: null, epochUnits: 60n } }))
  await expect(second.openUnits(51n, 100n)).rejects.toMatchObject({ code: 'gateway.key-cap-reached' })
  await second.openUnits(50n, 100n)
})

test('behavior: one gateway leads, and when it is gone another does', async () => {
  const [first, second] = [await open('first'), await open('second')]
  expect([await first.leads(), await second.leads(), await first.leads()]).toEqual([true, false, true])
  await first.close()
  await expect.poll(() => second.leads()).toBe(true)
})

test('error: a second gateway with the same key, and one whose key has another cap', async () => {
  await open('first')
  await expect(open('first')).rejects.toMatchObject({ code: 'gateway.operator-runs' })
  await expect(open('second', { cap: 5n })).rejects.toMatchObject({ code: 'gateway.books-cap-differs' })
})

/** Ends the connection of all gateways, as a restart of Postgres does. */
async function cutConnections(): Promise<void> {
  const client = new Client({ connectionString: database })
  await client.connect()
  await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await client.end()
}

test('behavior: a connection that breaks is made again; what was promised stands, and is given back', async () => {
  const [first, second] = [await open('first'), await open('second')]
  const held = promise(60n, 100n)
  await held.hold(first)
  await cutConnections()
  const [{ receipt }] = await Promise.all([first.issue(answered()), held.release(first)])
  expect(receipt.index).toBe(0n)
  await expect.poll(() => second.failure).toBeNull()
  expect((await second.issue(answered())).receipt.index).toBe(1n)
  await promise(40n, 99n).hold(second)
  expect((await second.accounts())[0].open).toEqual({ units: 40n, cost: 40n * price })
})

test('error: a gateway whose place was taken back while it was away signs nothing more', async () => {
  const left: string[] = []
  const first = await open('first', { onLeft: ({ code }) => left.push(code) })
  await promise(60n, 100n).hold(first)
  const client = new Client({ connectionString: database })
  await client.connect()
  await client.query('delete from kinmark_gateway.gateways')
  await client.end()
  await cutConnections()
  await expect.poll(() => left).toEqual(['gateway.books-left'])
  await expect(first.issue(answered())).rejects.toMatchObject({ code: 'gateway.books-left' })
  await expect(first.leads()).rejects.toMatchObject({ code: 'gateway.books-left' })
})

test('behavior: books that one gateway had to itself move in whole, once, and never into others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kinmark-books-'))
  const logs = join(folder, 'receipts')
  const common = { chainId, usageLedger, copyId, clock }
  const alone = await openBooks({ ...common, folder: logs, operatorKey: testKey('first') })
  const paid = { by: 'voucher' as const, voucher: signedVoucher(0n, 50n).voucher }
  const before = [await alone.issue(answered()), await alone.issue(answered({ user, units: 20n, paid }))]
  clock.set(1_800_003_600n)
  await alone.turn()
  const running = await alone.issue(answered({ user, units: 30n, paid }))
  const [account, epoch] = [await alone.account(user), alone.epoch]
  await alone.close()

  const first = await open('first', { logs })
  expect(await first.closedEpochs()).toEqual([epoch - 1n])
  expect((await first.leaves(epoch - 1n)).units).toEqual([7n, 20n])
  for (const stored of [...before, running]) expect(await first.find(stored.id)).toEqual(stored)
  expect(await first.account(user)).toMatchObject({ units: 50n, cost: account.cost, vouchers: account.vouchers })
  expect((await first.issue(answered())).receipt).toMatchObject({ epoch, index: 1n })
  await first.close()
  const again = await open('first', { logs })
  expect((await again.issue(answered())).receipt).toMatchObject({ epoch, index: 2n })
  await again.close()

  await leaveFolder(folder, logs)
  expect(await readdir(folder)).toEqual(['books-are-shared', 'receipts-moved'])
  const other = await openBooks({ ...common, folder: logs, operatorKey: testKey('second') })
  await other.issue(answered())
  await other.close()
  await expect(open('second', { logs })).rejects.toMatchObject({ code: 'gateway.books-in-folder' })
  await rm(folder, { recursive: true })
})

test('behavior: Postgres loses its power under load and comes back: no receipt is lost, and none stands twice', async () => {
  const postgres = await startPostgres({ fsync: 'on' })
  const books = await Promise.all(
    ['first', 'second'].map((name) =>
      openTestBooks(postgres.url, { operatorKey: testKey(name), clock, goneSeconds: 60 }),
    ),
  )
  const issued: StoredReceipt[] = []
  let over = false
  const loads = books.flatMap((each) =>
    Array.from({ length: 4 }, async () => {
      while (!over)
        await each.issue(answered()).then(
          (stored) => issued.push(stored),
          () => wait(20),
        )
    }),
  )
  await expect.poll(() => issued.length).toBeGreaterThan(50)
  await postgres.crash(300)
  const before = issued.length
  await expect.poll(() => issued.length).toBeGreaterThan(before + 50)
  over = true
  await Promise.all(loads)
  const stored = await receiptsOf(books[0])
  const ids = new Set(stored.map(({ id }) => id))
  expect(issued.filter(({ id }) => !ids.has(id))).toEqual([])
  expect(stored.length - issued.length).toBeLessThanOrEqual(8)
  for (const each of books) await each.close()
  await postgres.stop()
})

test('behavior: a payment counts once, at the gateway that was paid, and its id at all of them', async () => {
  const [first, second] = [await open('first'), await open('second')]
  const payer = testAccount('payer')
  const nonce = (n: number): Hex => bytesToHex(new Uint8Array(32).fill(n))
  const payment = {
    ...{ payer, nonce: nonce(1), value: 5n, validAfter: 0n, validBefore: 1_800_003_000n, signature: '0x01' as Hex },
    ...{ id: 'an-id-of-sixteen', requestHash: hash, block: 1n, state: 'pending' as const, transaction: null },
  }
  const takes = [payment, { ...payment, nonce: nonce(2) }, payment].map((each, i) =>
    [first, second][i % 2].takePayment(each).then(
      () => 'taken',
      ({ code }) => code,
    ),
  )
  expect((await Promise.all(takes)).toSorted()).toEqual(['gateway.payment-busy', 'gateway.payment-busy', 'taken'])
  const payee = (await first.pendingPayments()).length === 1 ? first : second
  const other = payee === first ? second : first
  const [{ nonce: taken }] = await payee.pendingPayments()
  expect(await other.pendingPayments()).toEqual([])
  for (const _ of [1, 2]) await payee.storePayment({ ...payment, nonce: taken, state: 'paid', transaction: hash })
  expect((await other.paymentNamed(payer, payment.id))?.payment.state).toBe('paid')
  expect(await payee.onPurse(payer, ({ paid }) => paid)).toBe(5_000_000n)
  expect(await other.onPurse(payer, ({ paid }) => paid)).toBe(0n)
  const stored = await payee.issue(
    answered({ user: payer, units: 1n, paid: { by: 'purse', owner: payer, payment: taken } }),
  )
  expect((await payee.payment(payer, taken))?.answered).toBe(stored.id)
  expect(await payee.purses()).toMatchObject([{ owner: payer, paid: 5_000_000n, spent: price }])
})
