import { gt, sql } from 'drizzle-orm'
import type { Db } from '../db/open'
import { blocks, undo } from '../db/schema'
import { columns, replacing } from './rows'
import { appended, changing, type Shape, shapeOf } from './tables'

/** Removes everything that the blocks after `last` did. They must not be final. */
export async function undoAfter(db: Db, last: number): Promise<void> {
  for (const table of appended) await db.delete(table).where(gt(table.block, last))
  const touched = await db.selectDistinct({ table: undo.table }).from(undo).where(gt(undo.block, last))
  const names = new Set(touched.map(({ table }) => table))
  for (const shape of changing.map(shapeOf)) if (names.has(shape.name)) await restore(db, shape, last)
  await db.delete(undo).where(gt(undo.block, last))
  await db.delete(blocks).where(gt(blocks.number, last))
}

/** Each row becomes what it was before the first of these blocks that changed it. */
async function restore(db: Db, shape: Shape, last: number): Promise<void> {
  const table = sql.identifier(shape.name)
  const first = sql`select distinct on ("key") "key", "before" from ${undo} where "block" > ${last} and "table" = ${shape.name} order by "key", "block"`
  const key = columns(shape.key)
  await db.execute(
    sql`delete from ${table} where (${key}) in (select ${prefixed('k', shape.key)} from (${first}) f, jsonb_populate_record(null::${table}, f."key") k where f."before" is null)`,
  )
  const all = columns(shape.columns)
  await db.execute(
    sql`insert into ${table} (${all}) select ${prefixed('r', shape.columns)} from (${first}) f, jsonb_populate_record(null::${table}, f."before") r where f."before" is not null ${replacing(shape)}`,
  )
}

function prefixed(alias: string, list: Shape['columns']) {
  return sql.join(
    list.map(([, name]) => sql`${sql.identifier(alias)}.${sql.identifier(name)}`),
    sql`, `,
  )
}

/** Empties every table that is a cache of the chain. */
export async function clear(db: Db): Promise<void> {
  for (const table of [...appended, ...changing, undo, blocks]) await db.delete(table)
}

/** Forgets how to undo blocks up to `final`, but for the newest of them, which tells whether the chain is still the same. */
export async function forgetUpTo(db: Db, final: number): Promise<void> {
  await db.execute(sql`delete from ${undo} where "block" <= ${final}`)
  await db.execute(
    sql`delete from ${blocks} where "number" < (select max("number") from ${blocks} where "number" <= ${final})`,
  )
}
