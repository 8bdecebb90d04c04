import type { ClientBase } from 'pg'
import { type Address, type Hex, hexToBytes } from 'viem'
import { decodeRecord, encodeRecord, type LogHeader, type Payment, type StoredReceipt } from '../log/records'
import { emptyStanding, type KnownPayment } from '../standing'
import type { Reader } from './connection'

/** The copy’s books, and the gateway that reads and writes them. */
export type Desk = {
  books: number
  gateway: number
  header: Omit<LogHeader, 'epoch'>
}

/** Units of the running epoch, and the index of its next receipt. */
type Head = { epoch: bigint; count: bigint; units: bigint }

/** Units and costs that calls of a gateway may still have. */
export type Promised = { units: bigint; cost: bigint }

/** What an operation looks at. */
export type Needs = {
  users?: Address[]
  owners?: Hex[]
  payments?: Pick<Payment, 'payer' | 'nonce' | 'id'>[]
}

/** What a transaction has read of the books, and may change. */
export type Ledger = {
  head: Head
  standing: ReturnType<typeof emptyStanding>
  /** Units that calls of other gateways may have, and those of this one. */
  othersOpen: bigint
  openUnits: bigint
  /** What calls of other gateways may still cost, by the names of `accountName` and `purseName`. */
  others: Map<string, Promised>
  receipts: StoredReceipt[]
}

export const nothing: Promised = { units: 0n, cost: 0n }

export const accountName = (user: Address) => `account ${user}`
/** A payer’s credit is with the operator key that was paid, a customer’s budget with the copy. */
const operatorOf = (owner: Hex, { header }: Desk) => (owner.length === 42 ? header.operator : '')
export const purseName = (owner: Hex, desk: Desk) => `purse ${owner} ${operatorOf(owner, desk)}`

/** Takes the copy’s row, which nobody else has until the transaction ends, and reads what is needed. */
export async function readLedger(client: ClientBase, desk: Desk, needs: Needs[]): Promise<Ledger> {
  const { books, gateway } = desk
  const [row] = (await client.query('select epoch, count, units from books where id = $1 for update', [books])).rows
  const head = { epoch: BigInt(row.epoch), count: BigInt(row.count), units: BigInt(row.units) }
  const users = [...new Set(needs.flatMap(({ users = [] }) => users))]
  const owners = [...new Set(needs.flatMap(({ owners = [] }) => owners))]
  const payments = needs.flatMap(({ payments = [] }) => payments)
  const names = [...users.map(accountName), ...owners.map((owner) => purseName(owner, desk))]
  const ledger: Ledger = {
    head,
    standing: emptyStanding(),
    othersOpen: 0n,
    openUnits: 0n,
    others: new Map(),
    receipts: [],
  }
  const open = await client.query(
    'select coalesce(sum(open_units), 0) as units from gateways where books = $1 and id <> $2',
    [books, gateway],
  )
  ledger.othersOpen = BigInt(open.rows[0].units)
  if (names.length > 0) {
    const { rows } = await client.query(
      `select name, sum(units) as units, sum(cost) as cost from promises join gateways on id = gateway
       where books = $1 and gateway <> $2 and name = any($3) group by name`,
      [books, gateway, names],
    )
    for (const { name, units, cost } of rows) ledger.others.set(name, { units: BigInt(units), cost: BigInt(cost) })
  }
  if (users.length > 0) await readAccounts(client, desk, ledger.standing, users)
  if (owners.length > 0) await readPurses(client, desk, ledger.standing, owners)
  if (payments.length > 0) await readPayments(client, desk, ledger.standing, payments)
  return ledger
}

type Standing = Ledger['standing']

/** All accounts where none is named. */
export async function readAccounts(client: Reader, desk: Desk, standing: Standing, users?: Address[]): Promise<void> {
  const { rows } = await client.query(
    `select record, used from accounts where books = $1 ${users ? 'and holder = any($2)' : ''}`,
    users ? [desk.books, users] : [desk.books],
  )
  for (const { record, used } of rows) {
    const decoded = decodeRecord(record, { ...desk.header, epoch: 0n })
    if (decoded.kind !== 'account') continue
    standing.enter(decoded)
    standing.account(decoded.account.user).used = new Map(
      Object.entries<string>(used).map(([name, units]) => [name, BigInt(units)]),
    )
  }
}

/** All purses of this gateway where none is named. */
export async function readPurses(client: Reader, desk: Desk, standing: Standing, owners?: Hex[]): Promise<void> {
  const { rows } = await client.query(
    `select owner, paid, spent from purses where books = $1 and operator in ('', $2) ${owners ? 'and owner = any($3)' : ''}`,
    [desk.books, desk.header.operator, ...(owners ? [owners] : [])],
  )
  for (const { owner, paid, spent } of rows)
    Object.assign(standing.purse(owner), { paid: BigInt(paid), spent: BigInt(spent) })
}

export async function readPayments(
  client: Reader,
  desk: Desk,
  standing: Standing,
  wanted: Needs['payments'] = [],
): Promise<void> {
  const { rows } = await client.query(
    `select record from payments where books = $1 and
     ((payer, nonce) in (select * from unnest($2::text[], $3::text[])) or (payer, name) in (select * from unnest($2::text[], $4::text[])))`,
    [desk.books, wanted.map(({ payer }) => payer), wanted.map(({ nonce }) => nonce), wanted.map(({ id }) => id)],
  )
  for (const { payment, answered } of rows.map(({ record }) => paymentIn(record, desk)))
    standing.payments.set(`${payment.payer}:${payment.nonce}`, { payment, answered })
}

export function paymentIn(record: Buffer, { header }: Desk): KnownPayment {
  const decoded = decodeRecord(record, { ...header, epoch: 0n })
  if (decoded.kind !== 'payment') throw new RangeError('The row holds no payment.')
  return decoded
}

/** Writes what a transaction has changed, and what calls of this gateway may still have. */
export async function writeLedger(
  client: ClientBase,
  desk: Desk,
  { head, openUnits, standing, receipts }: Ledger,
  promised: readonly (readonly [name: string, Promised])[],
): Promise<void> {
  const { books, gateway } = desk
  const { operator } = desk.header
  await client.query('update books set epoch = $2, count = $3, units = $4 where id = $1', [
    ...[books, `${head.epoch}`, `${head.count}`, `${head.units}`],
  ])
  await client.query('update gateways set open_units = $2 where id = $1', [gateway, `${openUnits}`])
  if (promised.length > 0)
    await client.query(
      `insert into promises select $1, * from unnest($2::text[], $3::numeric[], $4::numeric[])
       on conflict (gateway, name) do update set units = excluded.units, cost = excluded.cost`,
      [
        gateway,
        promised.map(([name]) => name),
        promised.map(([, { units }]) => `${units}`),
        promised.map(([, { cost }]) => `${cost}`),
      ],
    )
  const ended = promised.flatMap(([name, { units, cost }]) => (units === 0n && cost === 0n ? [name] : []))
  if (ended.length > 0)
    await client.query('delete from promises where gateway = $1 and name = any($2)', [gateway, ended])
  const accounts = [...standing.accounts.values()].filter(
    ({ units, vouchers, used }) => units > 0n || vouchers.length > 0 || used.size > 0,
  )
  if (accounts.length > 0)
    await client.query(
      `insert into accounts select $1, * from unnest($2::text[], $3::bytea[], $4::jsonb[])
       on conflict (books, holder) do update set record = excluded.record, used = excluded.used`,
      [
        books,
        accounts.map(({ user }) => user),
        accounts.map((account) => Buffer.from(encodeRecord({ kind: 'account', account }))),
        accounts.map(({ used }) =>
          JSON.stringify(Object.fromEntries([...used].map(([name, units]) => [name, `${units}`]))),
        ),
      ],
    )
  const purses = [...standing.purses.values()].filter(({ paid, spent }) => paid > 0n || spent > 0n)
  if (purses.length > 0)
    await client.query(
      `insert into purses select $1, * from unnest($2::text[], $3::text[], $4::numeric[], $5::numeric[])
       on conflict (books, owner, operator) do update set paid = excluded.paid, spent = excluded.spent`,
      [
        books,
        purses.map(({ owner }) => owner),
        purses.map(({ owner }) => operatorOf(owner, desk)),
        purses.map(({ paid }) => `${paid}`),
        purses.map(({ spent }) => `${spent}`),
      ],
    )
  const payments = [...standing.payments.values()]
  if (payments.length > 0)
    await client.query(
      `insert into payments select $1, payer, nonce, name, $2, state, valid_before, record from unnest
         ($3::text[], $4::text[], $5::text[], $6::text[], $7::numeric[], $8::bytea[])
         as t (payer, nonce, name, state, valid_before, record)
       on conflict (books, payer, nonce) do update set state = excluded.state, record = excluded.record`,
      [
        ...[books, operator],
        payments.map(({ payment }) => payment.payer),
        payments.map(({ payment }) => payment.nonce),
        payments.map(({ payment }) => payment.id),
        payments.map(({ payment }) => payment.state),
        payments.map(({ payment }) => `${payment.validBefore}`),
        payments.map((known) => Buffer.from(encodeRecord({ kind: 'payment', ...known }))),
      ],
    )
  if (receipts.length > 0) await insertReceipts(client, desk, head.epoch, receipts)
}

async function insertReceipts(client: ClientBase, desk: Desk, epoch: bigint, receipts: StoredReceipt[]): Promise<void> {
  await client.query('insert into epochs values ($1, $2) on conflict do nothing', [desk.books, `${epoch}`])
  await client.query(
    `insert into receipts select $1, $2, index, id, leaf, units, $3, record from unnest
       ($4::numeric[], $5::bytea[], $6::bytea[], $7::numeric[], $8::bytea[]) as t (index, id, leaf, units, record)`,
    [
      ...[desk.books, `${epoch}`, desk.header.operator],
      receipts.map(({ receipt }) => `${receipt.index}`),
      receipts.map(({ id }) => Buffer.from(hexToBytes(id))),
      receipts.map(({ leaf }) => Buffer.from(leaf)),
      receipts.map(({ receipt }) => `${receipt.units}`),
      receipts.map((stored) => Buffer.from(encodeRecord({ kind: 'receipt', stored }))),
    ],
  )
}
