import { randomBytes } from 'node:crypto'
import { setImmediate as soon, setTimeout as wait } from 'node:timers/promises'
import type { Client } from 'pg'
import { type Address, bytesToHex, hexToBytes } from 'viem'
import { KinmarkError } from '../../error'
import type { Receipt } from '../../metering/receipt'
import { accountOf } from '../../metering/signer'
import { type Account, emptyAccount, isAnonymous } from '../account'
import type { Answered, Books, SetAside } from '../books'
import type { EpochClock } from '../epoch-clock'
import { decodeRecord, type Payment, type StoredReceipt } from '../log/records'
import { receiptSigner } from '../receipt-signer'
import { type Call, emptyStanding } from '../standing'
import { NotStored, openConnection, openReader } from './connection'
import {
  accountName,
  type Desk,
  type Ledger,
  type Needs,
  nothing,
  type Promised,
  paymentIn,
  purseName,
  readAccounts,
  readLedger,
  readPayments,
  readPurses,
  writeLedger,
} from './ledger'
import { moveIn } from './move-in'
import { prepareSchema } from './schema'

export type SharedBooksOptions = {
  /** Of a Postgres that all gateways of the copy use. */
  url: string
  chainId: number
  usageLedger: Address
  copyId: bigint
  /** 32 bytes. Each gateway has a key of its own. */
  operatorKey: Uint8Array
  /** Units that the key may sign for in an epoch. The keys of all gateways have the same cap, since any of them reports for all. */
  cap: bigint
  clock: EpochClock
  /** The folder of logs that this gateway had to itself before: what they hold is entered into books that are still empty. */
  logs?: string
  /** Seconds after which what a gateway has promised is free again, once it is gone. */
  goneSeconds?: number
  /** Told when this gateway was gone for longer than that: its calls have no receipts any more, and it must be started again. */
  onLeft?(error: KinmarkError): void
}

/** Advisory locks of two numbers: that a gateway is connected, and that it leads. */
const [connectedLock, leadingLock] = [0x6b6d6301, 0x6b6d6302]
const mostAtOnce = 512
const againMs = 250
/** For how long an operation waits for a connection that is lost. */
const patienceMs = 10_000

type Waiting = {
  needs: Needs
  act(ledger: Ledger): unknown
  /** Whether it is tried until it is stored: what was promised must be given back. */
  again: boolean
  since: number
  settle(value: unknown): void
  fail(error: unknown): void
}

/** What acting on an account or a purse came to, and what this gateway has promised of it now. */
type Acted = { value?: unknown; error?: unknown; name: string | null; promised: Promised }

/**
 * The books of a copy in a Postgres that several gateways share: one sequence of receipts an epoch, one account for each user,
 * one budget for each customer. A transaction holds the copy’s row, so that gateways change the books one after the other, each
 * with all that waits in it at once. What a gateway has promised to calls that run is its own, and ends with it.
 */
export async function openSharedBooks(options: SharedBooksOptions): Promise<Books> {
  const { url, chainId, usageLedger, copyId, operatorKey, cap, clock, goneSeconds = 10 } = options
  const account = accountOf(operatorKey)
  if (!account) throw new KinmarkError('gateway.key-file-invalid', { file: 'operator.key' })
  const operator: Address = account
  const signer = receiptSigner(options)
  const desk: Desk = { books: 0, gateway: 0, header: { chainId, usageLedger, copyId, operator } }
  const reader = openReader(url)
  const read = async <T extends object>(text: string, values: unknown[]): Promise<T[]> =>
    (await reader.query(text, values)).rows

  let head = { epoch: clock.epoch(), units: 0n }
  let leading = false
  /** What this gateway has promised; the database has a copy of it. */
  const own = { openUnits: 0n, promised: new Map<string, Promised>() }
  /** Names of promises that the database may have otherwise. */
  const unpublished = new Set<string>()
  const waiting: Waiting[] = []
  let running: Promise<void> | null = null
  let closing = false

  const connection = await openConnection({ url, attach, onLeft: (error) => options.onLeft?.(error) }).catch(
    async (error) => {
      await reader.close()
      throw error
    },
  )

  /** Takes a place among the gateways of the copy, or the one that this gateway had. */
  async function attach(client: Client): Promise<void> {
    leading = false
    await prepareSchema(client)
    await client.query('set search_path = kinmark_gateway')
    await client.query('begin')
    const named = [chainId, usageLedger, `${copyId}`, `${clock.epoch()}`]
    await client.query(
      'insert into books (chain_id, usage_ledger, copy_id, epoch) values ($1, $2, $3, $4) on conflict do nothing',
      named,
    )
    const { rows } = await client.query(
      'select id from books where chain_id = $1 and usage_ledger = $2 and copy_id = $3 for update',
      named.slice(0, 3),
    )
    desk.books = rows[0].id
    await (desk.gateway === 0 ? join(client) : comeBack(client))
    await client.query('commit')
  }

  async function join(client: Client): Promise<void> {
    const { rows } = await client.query('select id, operator, cap from gateways where books = $1', [desk.books])
    for (const { id, operator: other, cap: its } of rows) {
      if (await isGone(client, id)) {
        if (other === operator) await client.query('delete from gateways where id = $1', [id])
        continue
      }
      if (other === operator) throw new KinmarkError('gateway.operator-runs', { operator })
      if (BigInt(its) !== cap) throw new KinmarkError('gateway.books-cap-differs', { cap, others: BigInt(its) })
    }
    const inserted = await client.query(
      'insert into gateways (books, operator, cap) values ($1, $2, $3) returning id',
      [desk.books, operator, `${cap}`],
    )
    desk.gateway = inserted.rows[0].id
    await client.query('select pg_advisory_lock($1, $2)', [connectedLock, desk.gateway])
    if (options.logs) await moveIn(client, desk, options.logs, signer)
  }

  async function comeBack(client: Client): Promise<void> {
    const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as got', [connectedLock, desk.gateway])
    if (!rows[0].got) throw new Error('the former connection still stands')
    const { rowCount } = await client.query('update gateways set missed_at = null where id = $1', [desk.gateway])
    if (rowCount === 0) throw new KinmarkError('gateway.books-left', { seconds: goneSeconds })
  }

  /** Whether a gateway is not connected. The lock that says so ends with the transaction. */
  async function isGone(client: Client, gateway: number): Promise<boolean> {
    const { rows } = await client.query('select pg_try_advisory_xact_lock($1, $2) as got', [connectedLock, gateway])
    return rows[0].got
  }

  /** Frees what gateways had promised that have been gone for long enough. */
  async function sweep(client: Client): Promise<void> {
    await client.query('select from books where id = $1 for update', [desk.books])
    const { rows } = await client.query('select id from gateways where books = $1 and id <> $2', [
      ...[desk.books, desk.gateway],
    ])
    for (const { id } of rows)
      if (await isGone(client, id)) {
        const long = `missed_at < now() - make_interval(secs => ${goneSeconds})`
        await client.query(`delete from gateways where id = $1 and ${long}`, [id])
        await client.query('update gateways set missed_at = coalesce(missed_at, now()) where id = $1', [id])
      }
  }

  function run<T>(needs: Needs, act: (ledger: Ledger) => T, again = false): Promise<T> {
    return new Promise((settle, fail) => {
      waiting.push({ needs, act, again, since: performance.now(), settle: settle as (value: unknown) => void, fail })
      running ??= work()
    })
  }

  async function work(): Promise<void> {
    await soon() // what comes in one turn of the event loop shares a transaction
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostAtOnce)
      const failed = await runBatch(batch)
      if (!failed) continue
      const error = failed instanceof NotStored ? failed.cause : failed
      const ended = closing || (error as KinmarkError).code === 'gateway.books-left'
      const isPatient = ({ again, since }: Waiting) =>
        again || (failed instanceof NotStored && performance.now() - since < patienceMs)
      const back = ended ? [] : batch.filter(isPatient)
      for (const each of batch) if (!back.includes(each)) each.fail(error)
      waiting.unshift(...back)
      if (back.length > 0) await wait(againMs)
    }
    running = null
  }

  /** Runs operations in one transaction. Returns why it failed; then none of them has happened here. */
  async function runBatch(batch: Waiting[]): Promise<unknown> {
    let acted: Acted[] = []
    let openUnits = own.openUnits
    const promised = new Map(own.promised)
    try {
      head = await connection.transaction(async (client) => {
        const needs = batch.map(({ needs }) => needs)
        const ledger = await readLedger(client, desk, needs)
        ledger.openUnits = own.openUnits
        await turnPage(client, ledger)
        acted = batch.map((each) => actOn(ledger, promised, each))
        const names = new Set([...unpublished, ...acted.flatMap(({ name }) => name ?? [])])
        const changed = [...names].filter(
          (name) => unpublished.has(name) || promised.get(name) !== own.promised.get(name),
        )
        const rows = changed.map((name) => [name, promised.get(name) ?? nothing] as const)
        await writeLedger(client, desk, ledger, rows)
        openUnits = ledger.openUnits
        return { epoch: ledger.head.epoch, units: ledger.head.units }
      })
    } catch (error) {
      for (const { name } of acted) if (name) unpublished.add(name)
      return error
    }
    unpublished.clear()
    own.openUnits = openUnits
    for (const { name, promised } of acted)
      if (name && promised.units === 0n && promised.cost === 0n) own.promised.delete(name)
      else if (name) own.promised.set(name, promised)
    for (const [i, { value, error }] of acted.entries())
      if (error === undefined) batch[i].settle(value)
      else batch[i].fail(error)
    return null
  }

  /** A transaction that is not run again. */
  const certain = <T>(work: (client: Client) => Promise<T>): Promise<T> =>
    connection.transaction(work).catch((error) => {
      throw error instanceof NotStored ? error.cause : error
    })

  /** Acts on the account or the purse that is needed, which shows what all gateways have promised of it. */
  function actOn(ledger: Ledger, promised: Map<string, Promised>, { needs, act }: Waiting): Acted {
    const [account] = (needs.users ?? []).map(ledger.standing.account)
    const [purse] = (needs.owners ?? []).map(ledger.standing.purse)
    const name = account ? accountName(account.user) : purse ? purseName(purse.owner, desk) : null
    const others = ledger.others.get(name ?? '') ?? nothing
    const before = promised.get(name ?? '') ?? nothing
    const open = { units: others.units + before.units, cost: others.cost + before.cost }
    if (account) account.open = { ...open }
    else if (purse) purse.open = open.cost
    const acted: Acted = { name, promised: before }
    try {
      acted.value = act(ledger)
    } catch (error) {
      return { ...acted, error }
    }
    const now = account ? account.open : { units: open.units, cost: purse ? purse.open : open.cost }
    if (now.units === open.units && now.cost === open.cost) return acted
    acted.promised = { units: now.units - others.units, cost: now.cost - others.cost }
    if (name) promised.set(name, acted.promised)
    return acted
  }

  /** Begins the epoch that the clock says. Whose clock is late signs in the epoch that another has begun. */
  async function turnPage(client: Client, { head }: Ledger): Promise<void> {
    const epoch = clock.epoch()
    if (epoch <= head.epoch) return
    Object.assign(head, { epoch, count: 0n, units: 0n })
    await client.query(`delete from payments where books = $1 and state <> 'pending' and valid_before <= $2`, [
      ...[desk.books, `${clock.time()}`],
    ])
  }

  function needsOf({ user, paid }: Call): Needs {
    if (paid?.by !== 'purse') return isAnonymous(user) ? {} : { users: [user] }
    const payments = paid.payment ? [{ payer: user, nonce: paid.payment, id: null }] : []
    return { owners: [paid.owner], payments }
  }

  function giveBackIn(ledger: Ledger, call: Call, { units, epochUnits }: SetAside): void {
    ledger.standing.giveBack(call, units)
    ledger.openUnits -= epochUnits
  }

  function issueIn(ledger: Ledger, answered: Answered): StoredReceipt {
    const { id, user, promptHash, responseHash, salt, units, price, counted, paid } = answered
    const { head, standing } = ledger
    const first = head.epoch * clock.epochLength
    const receipt: Receipt = {
      ...{ copyId, epoch: head.epoch, index: head.count, user, promptHash, responseHash, units },
      issuedAt: clock.time() > first ? clock.time() : first,
    }
    const hash = signer.hash(receipt)
    const [signature, leaf] = [signer.sign(hash), signer.leaf(hash)]
    const stored: StoredReceipt = { id, receipt, signature, salt, price, counted, leaf, paid }
    head.count += 1n
    head.units += units
    standing.enter({ kind: 'receipt', stored })
    if (answered.aside) giveBackIn(ledger, answered, answered.aside)
    ledger.receipts.push(stored)
    return stored
  }

  type ReceiptRow = { epoch: string; record: Buffer }
  const receiptOf = (rows: ReceiptRow[]): StoredReceipt | null => {
    const decoded = rows[0] && decodeRecord(rows[0].record, { ...desk.header, epoch: BigInt(rows[0].epoch) })
    return decoded?.kind === 'receipt' ? decoded.stored : null
  }
  async function paymentWhere(wanted: Pick<Payment, 'payer' | 'nonce' | 'id'>) {
    const standing = emptyStanding()
    await readPayments(reader, desk, standing, [wanted])
    return standing
  }

  const turn = () => run({}, () => undefined)
  await turn()
  return {
    operator,
    get epoch() {
      return head.epoch
    },
    get epochUnits() {
      return head.units
    },
    get failure() {
      return connection.failure
    },
    openUnits: (units, cap) =>
      run({}, (ledger) => {
        if (ledger.head.units + ledger.othersOpen + ledger.openUnits + units > cap)
          throw new KinmarkError('gateway.key-cap-reached', { cap })
        ledger.openUnits += units
      }),
    giveBack: (call, aside) => run(needsOf(call), (ledger) => giveBackIn(ledger, call, aside), true),
    async leads() {
      if (leading) return true
      return certain(async (client) => {
        const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as got', [leadingLock, desk.books])
        leading = rows[0].got
        return leading
      })
    },
    newId: () => bytesToHex(randomBytes(16)),
    issue: (answered) => run(needsOf(answered), (ledger) => issueIn(ledger, answered)),
    async account(user) {
      const standing = emptyStanding()
      await readAccounts(reader, desk, standing, [user])
      return standing.accounts.get(user) ?? emptyAccount(user)
    },
    async accounts() {
      const standing = emptyStanding()
      await readAccounts(reader, desk, standing)
      const rows = await read<{ name: string; units: string; cost: string }>(
        'select name, sum(units) as units, sum(cost) as cost from promises join gateways on id = gateway where books = $1 group by name',
        [desk.books],
      )
      const open = new Map(rows.map(({ name, units, cost }) => [name, { units: BigInt(units), cost: BigInt(cost) }]))
      return [...standing.accounts.values()].map(
        (account): Account => ({ ...account, open: open.get(accountName(account.user)) ?? account.open }),
      )
    },
    onAccount: (user, act) => run({ users: [user] }, ({ standing }) => act(standing.account(user))),
    storeVoucher: (voucher) =>
      run({ users: [voucher.user] }, ({ standing }) => standing.enter({ kind: 'voucher', voucher })),
    onPurse: (owner, act) => run({ owners: [owner] }, ({ standing }) => act(standing.purse(owner))),
    async purses() {
      const standing = emptyStanding()
      await readPurses(reader, desk, standing)
      return [...standing.purses.values()]
    },
    payment: async (payer, nonce) => (await paymentWhere({ payer, nonce, id: null })).payment(payer, nonce),
    paymentNamed: async (payer, id) => (await paymentWhere({ payer, nonce: '0x', id })).paymentNamed(payer, id),
    async pendingPayments() {
      const rows = await read<{ record: Buffer }>(
        `select record from payments where books = $1 and operator = $2 and state = 'pending'`,
        [desk.books, operator],
      )
      return rows.map(({ record }) => paymentIn(record, desk).payment)
    },
    takePayment: (payment) =>
      run({ owners: [payment.payer], payments: [payment] }, ({ standing }) => {
        const { payer, nonce, id } = payment
        if (standing.payment(payer, nonce) || (id !== null && standing.paymentNamed(payer, id)))
          throw new KinmarkError('gateway.payment-busy')
        standing.enter({ kind: 'payment', payment, answered: null })
      }),
    storePayment: (payment) =>
      run({ owners: [payment.payer], payments: [payment] }, ({ standing }) =>
        standing.enter({ kind: 'payment', payment, answered: null }),
      ),
    find: async (id) =>
      receiptOf(
        await read<ReceiptRow>('select epoch, record from receipts where books = $1 and id = $2', [
          desk.books,
          Buffer.from(hexToBytes(id)),
        ]),
      ),
    async closedEpochs() {
      const rows = await read<{ epoch: string }>(
        'select e.epoch from epochs e join books b on b.id = e.books where b.id = $1 and e.epoch < b.epoch order by e.epoch',
        [desk.books],
      )
      return rows.map(({ epoch }) => BigInt(epoch))
    },
    async leaves(epoch) {
      const hashes: Buffer[] = []
      const units: bigint[] = []
      for (;;) {
        const rows = await read<{ leaf: Buffer; units: string }>(
          'select leaf, units from receipts where books = $1 and epoch = $2 and index >= $3 order by index limit 50000',
          [desk.books, `${epoch}`, hashes.length],
        )
        if (rows.length === 0) return { epoch, hashes: Uint8Array.from(Buffer.concat(hashes)), units }
        for (const row of rows) {
          hashes.push(row.leaf)
          units.push(BigInt(row.units))
        }
      }
    },
    receiptAt: async (epoch, index) =>
      receiptOf(
        await read<ReceiptRow>('select epoch, record from receipts where books = $1 and epoch = $2 and index = $3', [
          ...[desk.books, `${epoch}`, `${index}`],
        ]),
      ),
    async turn() {
      await certain(sweep)
      await turn()
    },
    async close() {
      if (closing) return
      closing = true
      while (running) await running
      await connection.close()
      await reader.close()
    },
  }
}
