import { type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Hex } from 'viem'
import type { CopyId, ModelId } from '../chain/ids'
import type { Db } from '../db/open'
import { undo } from '../db/schema'
import { type Shape, shapeOf, toJson } from './tables'

type Row<Table extends PgTable> = Table['$inferSelect']
/** A row without the columns that do not come from the chain. */
type Given<Table extends PgTable> = Omit<Row<Table>, 'metadata'>
type Key<Table extends PgTable> = Partial<Given<Table>>
type Place = { table: PgTable; id: string; key: object }
type Change = { block: number; place: Place; before: object | null }

/** Most rows in one statement. */
const chunk = 5_000

/** Thrown by `Rows.get` for a row that is still in the database. The batch is applied again once it is loaded. */
const notLoaded = new Error('The row is not loaded.')

/**
 * The rows that a batch of logs reads and writes. Handlers see them as if every log were applied alone, and the database
 * sees a few statements a batch.
 *
 * `settle` applies a batch until all rows that it needs are loaded. What the last pass wrote is then flushed, with what
 * each row was before each block.
 */
export class Rows {
  /** As the database has them; null: it has none. Of groups, all rows. */
  private readonly stored = new Map<PgTable, Map<string, object | null>>()
  private readonly storedGroups = new Map<PgTable, Map<string, object[]>>()
  private written = new Map<PgTable, Map<string, object | null>>()
  private changes: Change[] = []
  private changed = new Set<string>()
  private added = new Map<PgTable, object[]>()
  private missing: Place[] = []
  private missingGroups: Place[] = []
  /** The block that is being applied. */
  block = 0
  /** Copies that were accepted and not paid for yet: the payment follows in the same transaction. */
  unpaid: { tx: Hex; modelId: ModelId; copyId: CopyId }[] = []

  constructor(private readonly db: Db) {}

  /** The row with this key, or null. */
  get<Table extends PgTable>(table: Table, key: Key<Table>): Row<Table> | null {
    const place = placeOf(table, key)
    const written = this.written.get(table)?.get(place.id)
    if (written !== undefined) return written as Row<Table> | null
    const stored = this.stored.get(table)?.get(place.id)
    if (stored !== undefined) return stored as Row<Table> | null
    this.missing.push(place)
    throw notLoaded
  }

  /** All rows whose first key column has this value, in no order. */
  group<Table extends PgTable>(table: Table, key: Key<Table>): Row<Table>[] {
    const place = placeOf(table, key, 1)
    const stored = this.storedGroups.get(table)?.get(place.id)
    if (!stored) {
      this.missingGroups.push(place)
      throw notLoaded
    }
    const rows = new Map(stored.map((row) => [placeOf(table, row).id, row as object | null]))
    for (const [id, row] of this.written.get(table) ?? []) if (id.startsWith(`${place.id} `)) rows.set(id, row)
    return [...rows.values()].filter((row) => row !== null) as Row<Table>[]
  }

  /** Adds a row to a table to which rows are only added. */
  add<Table extends PgTable>(table: Table, row: Given<Table>): void {
    const rows = this.added.get(table)
    if (rows) rows.push(row)
    else this.added.set(table, [row])
  }

  /** Adds a row that is new. */
  insert<Table extends PgTable>(table: Table, row: Given<Table>): void {
    this.write(placeOf(table, row), null, row)
  }

  /** Changes a row, or adds it. */
  put<Table extends PgTable>(table: Table, row: Given<Table>): void {
    this.write(placeOf(table, row), this.get(table, row as Key<Table>), row)
  }

  /** Changes columns of a row; nothing where there is none. */
  update<Table extends PgTable>(table: Table, key: Key<Table>, change: Partial<Given<Table>>): void {
    const row = this.get(table, key)
    if (row) this.write(placeOf(table, key), row, { ...row, ...change })
  }

  remove<Table extends PgTable>(table: Table, key: Key<Table>): void {
    const row = this.get(table, key)
    if (row) this.write(placeOf(table, key), row, null)
  }

  /** Calls `apply` for each item, and again after loading, until no row is missing. */
  async settle<Item>(items: readonly Item[], apply: (item: Item) => void): Promise<void> {
    for (;;) {
      this.forget()
      for (const item of items) this.attempt(() => apply(item))
      if (this.missing.length === 0 && this.missingGroups.length === 0) return
      await this.load()
    }
  }

  /** What comes after a missing row may fail because of it, and is tried again. */
  private attempt(apply: () => void): void {
    try {
      apply()
    } catch (error) {
      if (error === notLoaded || this.missing.length > 0 || this.missingGroups.length > 0) return
      throw error
    }
  }

  private forget(): void {
    this.written = new Map()
    this.unpaid = []
    this.changes = []
    this.changed = new Set()
    this.added = new Map()
  }

  private write(place: Place, before: object | null, row: object | null): void {
    const once = `${this.block} ${shapeOf(place.table).name} ${place.id}`
    if (!this.changed.has(once)) this.changes.push({ block: this.block, place, before })
    this.changed.add(once)
    const rows = this.written.get(place.table)
    if (rows) rows.set(place.id, row)
    else this.written.set(place.table, new Map([[place.id, row]]))
  }

  private async load(): Promise<void> {
    for (const [table, places] of byTable(this.missing)) {
      const { key } = shapeOf(table)
      const rows = mapOf(this.stored, table)
      for (const { id } of places) rows.set(id, null)
      for (const row of await this.select(table, places, key)) rows.set(placeOf(table, row).id, row)
    }
    for (const [table, places] of byTable(this.missingGroups)) {
      const key = shapeOf(table).key.slice(0, 1)
      const groups = mapOf(this.storedGroups, table)
      for (const { id } of places) groups.set(id, [])
      for (const row of await this.select(table, places, key)) groups.get(placeOf(table, row, 1).id)?.push(row)
    }
    this.missing = []
    this.missingGroups = []
  }

  private async select(table: PgTable, places: Place[], key: Shape['key']): Promise<object[]> {
    const found: object[] = []
    for (const part of chunks(places)) {
      const keys = records(
        shapeOf(table).name,
        part.map((place) => toJson(place.key, key)),
      )
      const names = columns(key)
      found.push(...(await this.db.select().from(table).where(sql`(${names}) in (select ${names} from ${keys})`)))
    }
    return found
  }

  /** Writes what the batch changed. What blocks after `final` changed can be undone. */
  async flush(db: Db, final: number): Promise<void> {
    for (const [table, rows] of this.added) await insertRows(db, shapeOf(table), rows, false)
    for (const [table, rows] of this.written) {
      const shape = shapeOf(table)
      const kept = [...rows.values()].filter((row) => row !== null)
      const gone = [...rows].flatMap(([id, row]) => (row === null ? [id] : []))
      await insertRows(db, shape, kept, true)
      await deleteRows(db, shape, gone, this.changes)
    }
    await keepChanges(
      db,
      this.changes.filter(({ block }) => block > final),
    )
  }
}

async function insertRows(db: Db, shape: Shape, rows: object[], replace: boolean): Promise<void> {
  for (const part of chunks(rows)) {
    const given = records(
      shape.name,
      part.map((row) => toJson(row, shape.columns)),
    )
    const names = columns(shape.columns)
    const onConflict = replace ? replacing(shape) : sql``
    await db.execute(
      sql`insert into ${sql.identifier(shape.name)} (${names}) select ${names} from ${given} ${onConflict}`,
    )
  }
}

async function deleteRows(db: Db, shape: Shape, ids: string[], changes: Change[]): Promise<void> {
  if (ids.length === 0) return
  const keys = new Map(changes.map(({ place }) => [place.id, place.key]))
  for (const part of chunks(ids)) {
    const given = records(
      shape.name,
      part.map((id) => toJson(keys.get(id) ?? {}, shape.key)),
    )
    const names = columns(shape.key)
    await db.execute(sql`delete from ${sql.identifier(shape.name)} where (${names}) in (select ${names} from ${given})`)
  }
}

async function keepChanges(db: Db, changes: Change[]): Promise<void> {
  const rows = changes.map(({ block, place: { table, key }, before }) => {
    const shape = shapeOf(table)
    const old = before ? toJson(before, shape.columns) : 'null'
    return `{"block":${block},"table":"${shape.name}","key":${toJson(key, shape.key)},"before":${old}}`
  })
  for (const part of chunks(rows))
    await db.execute(
      sql`insert into ${undo} ("block", "table", "key", "before") select "block", "table", "key", "before" from ${records('undo', part)}`,
    )
}

/** The update of an upsert: every column that is not in the key. */
export function replacing({ columns: all, key }: Shape): SQL {
  const isKey = new Set(key.map(([, name]) => name))
  const rest = all.filter(([, name]) => !isKey.has(name))
  if (rest.length === 0) return sql`on conflict do nothing`
  const set = rest.map(([, name]) => sql`${sql.identifier(name)} = excluded.${sql.identifier(name)}`)
  return sql`on conflict (${columns(key)}) do update set ${sql.join(set, sql`, `)}`
}

export function columns(list: Shape['columns']): SQL {
  return sql.join(
    list.map(([, name]) => sql.identifier(name)),
    sql`, `,
  )
}

/** JSON rows as rows of a table. */
function records(table: string, rows: string[]): SQL {
  return sql`json_populate_recordset(null::${sql.identifier(table)}, ${`[${rows.join()}]`}::text::json)`
}

/** `length`: how many of the key’s columns count. */
function placeOf(table: PgTable, row: object, length?: number): Place {
  const { key } = shapeOf(table)
  const values = row as Record<string, unknown>
  const parts = length === undefined ? key : key.slice(0, length)
  return { table, id: parts.map(([property]) => values[property]).join(' '), key: row }
}

function byTable(places: Place[]): Map<PgTable, Place[]> {
  const tables = new Map<PgTable, Map<string, Place>>()
  for (const place of places) mapOf(tables, place.table).set(place.id, place)
  return new Map([...tables].map(([table, found]) => [table, [...found.values()]]))
}

function mapOf<Value>(maps: Map<PgTable, Map<string, Value>>, table: PgTable): Map<string, Value> {
  const found = maps.get(table) ?? new Map<string, Value>()
  maps.set(table, found)
  return found
}

function* chunks<Item>(items: Item[]): Generator<Item[]> {
  for (let from = 0; from < items.length; from += chunk) yield items.slice(from, from + chunk)
}
