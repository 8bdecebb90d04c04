import { sql } from 'drizzle-orm'
import type { Db } from '../db/open'

/** Rows of a statement, on either Postgres. */
async function query<Row>(db: Db, statement: ReturnType<typeof sql>): Promise<Row[]> {
  const { rows } = (await db.execute(statement)) as unknown as { rows: Row[] }
  return rows
}

/** Tables that triggers fill. */
const derived = ['listing_words']

/** Our tables but for the derived ones; one that another refers to comes before it. */
export async function tableNames(db: Db): Promise<string[]> {
  const tables = await query<{ name: string }>(
    db,
    sql`select tablename as name from pg_tables where schemaname = 'public' and tablename <> all(${sql.param(derived)}::text[]) order by 1`,
  )
  const references = await query<{ from: string; to: string }>(
    db,
    sql`select f.relname as "from", t.relname as "to" from pg_constraint c
        join pg_class f on f.oid = c.conrelid join pg_class t on t.oid = c.confrelid
        where c.contype = 'f' and c.connamespace = 'public'::regnamespace`,
  )
  const ordered: string[] = []
  const add = (name: string) => {
    if (ordered.includes(name)) return
    for (const { from, to } of references) if (from === name && to !== name) add(to)
    ordered.push(name)
  }
  for (const { name } of tables) add(name)
  return ordered
}

/** When the newest migration of this database was written, in milliseconds: it names the schema. */
export async function newestMigration(db: Db): Promise<number> {
  const [{ newest }] = await query<{ newest: string }>(
    db,
    sql`select max(created_at)::text as newest from drizzle.__drizzle_migrations`,
  )
  return Number(newest)
}

/** A table’s rows as JSON, `most` at a time. Numbers have all their digits. Needs a transaction. */
export async function* rowsOf(tx: Db, table: string, most: number): AsyncGenerator<string[]> {
  await tx.execute(
    sql`declare backup no scroll cursor for select row_to_json(t)::text as line from ${sql.identifier(table)} t`,
  )
  for (;;) {
    const rows = await query<{ line: string }>(tx, sql`fetch forward ${sql.raw(String(most))} from backup`)
    if (rows.length === 0) break
    yield rows.map(({ line }) => line)
  }
  await tx.execute(sql`close backup`)
}

/** Inserts rows as `rowsOf` gives them. */
export async function insertRows(tx: Db, table: string, lines: readonly string[]): Promise<void> {
  const name = sql.identifier(table)
  const rows = `[${lines.join(',')}]`
  await tx.execute(sql`insert into ${name} select * from jsonb_populate_recordset(null::${name}, ${rows}::jsonb)`)
}

export async function isEmpty(db: Db, table: string): Promise<boolean> {
  const rows = await query(db, sql`select 1 from ${sql.identifier(table)} limit 1`)
  return rows.length === 0
}
