import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { bytesToHex, type Hex, hexToBytes, zeroAddress } from 'viem'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { copyId, price, signedVoucher, testAccount, testKey, usageLedger, voucherHeaders } from '../../test/gateway'
import { startStubUpstream } from '../../test/stub-upstream'
import { compactSumProof, compactSumTree } from '../metering/compact-sum-tree'
import { receiptHash, receiptTree } from '../metering/receipt'
import { provesSum } from '../metering/sum-tree'
import { type Answered, type Books, openBooks } from './books'
import { epochClock } from './epoch-clock'
import { chat } from './formats/chat'
import type { StoredReceipt } from './log/records'
import { mostUnits } from './most-units'

let folder: string
let clock: ReturnType<typeof epochClock>
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinmark-books-'))
  clock = epochClock(3600n)
  clock.set(1_800_000_000n)
})
afterEach(() => rm(folder, { recursive: true }))

const open = (more: Partial<Parameters<typeof openBooks>[0]> = {}) =>
  openBooks({ folder, chainId: 31_337, usageLedger, copyId, operatorKey: testKey('operator'), clock, ...more })
const hash = bytesToHex(new Uint8Array(32).fill(5))
const user = testAccount('user')
const randomId = (): Hex => bytesToHex(randomBytes(16))
const answered = (more: Partial<Answered> = {}): Answered => ({
  ...{ id: randomId(), user: zeroAddress, promptHash: hash, responseHash: hash, salt: hash, units: 7n, price },
  ...{ counted: 'upstream', paid: null, ...more },
})

async function receiptsOf(books: Books, epoch: bigint): Promise<StoredReceipt[]> {
  const receipts: StoredReceipt[] = []
  for (;;) {
    const stored = await books.receiptAt(epoch, BigInt(receipts.length))
    if (!stored) return receipts
    receipts.push(stored)
  }
}

test('default: receipts have the indexes 0, 1, 2, …, and the tree of their epoch is that of receipt.ts', async () => {
  const books = await open()
  await Promise.all(Array.from({ length: 40 }, (_, i) => books.issue(answered({ units: BigInt(i + 1) }))))
  const { epoch } = books
  clock.set(1_800_003_600n)
  await books.turn()
  expect(await books.closedEpochs()).toEqual([epoch])
  const receipts = await receiptsOf(books, epoch)
  expect(receipts.map(({ receipt }) => receipt.index)).toEqual(Array.from({ length: 40 }, (_, i) => BigInt(i)))
  const { hashes, units } = await books.leaves(epoch)
  const compact = await compactSumTree(hashes, BigUint64Array.from(units))
  const tree = receiptTree(receipts.map(({ receipt }) => receipt))
  expect([compact.root, compact.count, compact.sum]).toEqual([tree.root, 40n, 820n])
  const leaf = { data: hexToBytes(receiptHash(receipts[17].receipt)), sum: 18n }
  expect(provesSum(tree, leaf, 17n, compactSumProof(compact, 17))).toBe(true)
  await books.close()
})

test('behavior: an answer at an epoch’s edge is in one epoch, and the next begins with index 0', async () => {
  const books = await open()
  const { epoch } = books
  const all: Promise<StoredReceipt>[] = []
  for (let i = 0; i < 30; i++) {
    if (i === 15) clock.set(1_800_003_600n)
    all.push(books.issue(answered()))
  }
  const receipts = (await Promise.all(all)).map(({ receipt }) => receipt)
  for (const each of [epoch, epoch + 1n]) {
    const indexes = receipts.filter((receipt) => receipt.epoch === each).map(({ index }) => index)
    expect(indexes).toEqual(indexes.map((_, i) => BigInt(i)))
  }
  expect(receipts.filter((receipt) => receipt.epoch === epoch + 1n).length).toBeGreaterThanOrEqual(15)
  await books.close()
})

test('behavior: a clock that goes back by a minute signs for no epoch that was left', async () => {
  const books = await open()
  const { epoch } = books
  clock.set(1_800_003_600n)
  expect((await books.issue(answered())).receipt.epoch).toBe(epoch + 1n)
  clock.set(1_800_003_540n)
  const { receipt } = await books.issue(answered())
  expect([receipt.epoch, receipt.index]).toEqual([epoch + 1n, 1n])
  await books.close()
  const again = await open({ clock: epochClock(3600n) })
  expect((await again.issue(answered())).receipt).toMatchObject({ epoch: epoch + 1n, index: 2n })
  await again.close()
})

test('behavior: accounts, vouchers and receipts are the same after a restart and in the next epoch', async () => {
  const one = await open()
  const { voucher } = signedVoucher(100n, 100n)
  const stored = await one.issue(answered({ id: one.newId(), user, units: 60n, paid: { by: 'voucher', voucher } }))
  await one.storeVoucher(signedVoucher(0n, 60n).voucher)
  const before = structuredClone(await one.account(user))
  await one.close()
  const two = await open()
  expect({ ...(await two.account(user)), used: 0 }).toEqual({ ...before, used: 0 })
  expect(await two.find(stored.id)).toEqual(stored)
  clock.set(1_800_003_600n)
  await two.turn()
  expect({ ...(await two.account(user)), used: 0 }).toEqual({ ...before, used: 0 })
  await two.close()
  const three = await open()
  expect({ ...(await three.account(user)), used: 0 }).toEqual({ ...before, used: 0 })
  expect(await three.find(stored.id)).toEqual(stored)
  expect(await three.find(randomId())).toBeNull()
  // an id that nobody gave is told without a look at the logs, so that asking for many keeps nobody waiting
  const made = await Promise.all(Array.from({ length: 100 }, () => three.find(randomId())))
  expect(new Set(made)).toEqual(new Set([null]))
  await three.close()
})

test('behavior: a turn that a crash cut off at any byte is made again, and no account is lost', async () => {
  const books = await open()
  for (const name of ['a', 'b', 'c']) await books.issue(answered({ user: testAccount(name), units: 11n }))
  clock.set(1_800_003_600n)
  await books.turn()
  await books.close()
  const [first, second] = (await readdir(folder)).sort()
  const bytes = await readFile(join(folder, second))
  const other = await mkdtemp(join(tmpdir(), 'kinmark-books-'))
  for (let length = 0; length <= bytes.length; length += 13) {
    await copyFile(join(folder, first), join(other, first))
    await writeFile(join(other, second), bytes.subarray(0, length))
    const again = await open({ folder: other })
    for (const name of ['a', 'b', 'c']) expect((await again.account(testAccount(name))).units).toBe(11n)
    expect((await again.issue(answered())).receipt.index).toBe(0n)
    await again.close()
    for (const name of await readdir(other)) await rm(join(other, name))
  }
  await rm(other, { recursive: true })
})

test('error: logs of another copy, another key, and damaged ones', async () => {
  const books = await open()
  await books.issue(answered())
  await books.issue(answered())
  await books.close()
  await expect(open({ copyId: 8n })).rejects.toMatchObject({ code: 'gateway.log-other' })
  await expect(open({ operatorKey: testKey('other') })).rejects.toMatchObject({ code: 'gateway.log-other' })
  const [name] = await readdir(folder)
  const bytes = await readFile(join(folder, name))
  bytes[150] ^= 1
  await writeFile(join(folder, name), bytes)
  await expect(open()).rejects.toMatchObject({ code: 'gateway.log-damaged' })
})

/** 200 in the long run: KINMARK_KILLS=200. */
const kills = Number(process.env.KINMARK_KILLS ?? 4)

test(`behavior: kill -9 at ${kills} random moments under load: every answer that ended has its receipt, no index stands twice or is missing`, {
  timeout: 900_000 + kills * 15_000,
}, async () => {
  const stub = await startStubUpstream({ words: ['a', 'b', 'c', 'd'], delayMs: 1 })
  const body = { model: 'stub', messages: [{ role: 'user', content: 'Tell me' }], max_tokens: 4 }
  const most = mostUnits(body, chat, 4)
  const seen = new Map<string, { units: string; index: string; epoch: string }>()
  const killed: ChildProcess[] = []
  let sent = 0n
  const concurrency = 8
  for (let kill = 0; kill < kills; kill++) {
    const args = ['--import', 'tsx', 'test/gateway-process.ts', folder, stub.url]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    killed.push(child)
    const died = once(child, 'exit').then(() => Promise.reject(new Error('The gateway did not start.')))
    const [url] = await Promise.race([once(createInterface(child.stdout), 'line'), died])
    died.catch(() => undefined)
    const stop = new AbortController()
    const clients = Array.from({ length: concurrency }, async (_, i) => {
      while (!stop.signal.aborted) {
        sent += most
        const headers = { 'content-type': 'application/json', ...voucherHeaders(signedVoucher(most, sent)) }
        const stream = i % 2 === 0
        const text = await fetch(`${url}/chat/completions`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ ...body, stream }),
        })
          .then((answer) => answer.text())
          .catch(() => null)
        if (text === null) return
        const [, json] = /"kinmark":(\{"id":.*?"counted":"\w+"\})/.exec(text) ?? []
        if (!json) continue
        const { id, receipt } = JSON.parse(json)
        seen.set(id, receipt)
      }
    })
    const before = seen.size
    await expect.poll(() => seen.size, { interval: 10 }).toBeGreaterThan(before + 5)
    await wait(Math.random() * 300)
    stop.abort()
    child.kill('SIGKILL')
    await once(child, 'exit')
    await Promise.all(clients)
  }
  await stub.close()
  const books = await open()
  const receipts = await receiptsOf(books, books.epoch)
  expect(receipts.map(({ receipt }) => receipt.index)).toEqual(receipts.map((_, i) => BigInt(i)))
  const byId = new Map(receipts.map(({ id, receipt }) => [`rcpt_${id.slice(2)}`, receipt]))
  expect(byId.size).toBe(receipts.length)
  expect(seen.size).toBeGreaterThan(kills * 5)
  for (const [id, receipt] of seen) {
    const stored = byId.get(id)
    expect([stored?.units, stored?.index, stored?.epoch].map(String)).toEqual([
      receipt.units,
      receipt.index,
      receipt.epoch,
    ])
  }
  // beyond these, only answers that were on their way when the process was killed
  expect(receipts.length - seen.size).toBeLessThanOrEqual(kills * concurrency)
  const units = receipts.reduce((sum, { receipt }) => sum + receipt.units, 0n)
  expect((await books.account(user)).units).toBe(units)
  await books.close()
})
