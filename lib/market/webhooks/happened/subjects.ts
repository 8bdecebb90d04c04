import 'server-only'
import { inArray } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Address } from 'viem'
import type { CopyId, ModelId } from '../../../chain/ids'
import type { Db } from '../../../db/open'
import { cases, copies, models } from '../../../db/schema'

type Copy = typeof copies.$inferSelect
type Model = typeof models.$inferSelect
type Case = typeof cases.$inferSelect

/** What events are about. */
export type Subjects = {
  copy(id: CopyId): Copy | undefined
  case(id: number): Case | undefined
  /** Who decides for a model, as far as the tables know: its creator, and who has announced a majority. */
  controllers(id: ModelId): Address[]
}

/** Loads the rows of these cases and copies, and of their models. */
export async function subjectsOf(db: Db, caseIds: number[], copyIds: CopyId[]): Promise<Subjects> {
  const caseRows = await byId<Case>(db, cases, caseIds)
  const [aboutModels, aboutCopies] = split([...caseRows.values()])
  const copyRows = await byId<Copy>(db, copies, [...copyIds, ...aboutCopies])
  const modelRows = await byId<Model>(db, models, [
    ...aboutModels,
    ...[...copyRows.values()].map(({ modelId }) => modelId),
  ])
  return {
    copy: (id) => copyRows.get(id),
    case: (id) => caseRows.get(String(id)),
    controllers(id) {
      const { creator, majority } = modelRows.get(id) ?? {}
      return [creator, majority].filter((account): account is Address => Boolean(account))
    },
  }
}

/** The models and the copies that cases are about. */
function split(found: Case[]): [models: string[], copies: string[]] {
  const subjects = (aboutModel: boolean) =>
    found.filter(({ kind }) => (kind === 'parent') === aboutModel).map(({ subject }) => subject)
  return [subjects(true), subjects(false)]
}

async function byId<Row extends { id: string | number }>(
  db: Db,
  table: typeof copies | typeof models | typeof cases,
  ids: (string | number)[],
): Promise<Map<string, Row>> {
  if (ids.length === 0) return new Map()
  const rows = (await db
    .select()
    .from(table as PgTable)
    .where(inArray(table.id, [...new Set(ids)] as never))) as Row[]
  return new Map(rows.map((row) => [String(row.id), row]))
}
