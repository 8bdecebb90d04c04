import 'server-only'
import { randomUUID } from 'node:crypto'
import { and, desc, eq, notExists, sql } from 'drizzle-orm'
import { type Address, type Hex, toHex } from 'viem'
import { drafts, versions } from '../../db/schema'
import { assertFilePath, manifestTree } from '../../manifest/manifest'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import type { Draft, FileView } from '../read/views'
import { blobsOwnedBy } from './blob-ownership'

export type DraftRow = typeof drafts.$inferSelect

/** Begins a publish, or finds the one that was begun with exactly these files. */
export async function createDraft(owner: Address, files: FileView[]): Promise<Draft> {
  const { env } = await market()
  if (files.length === 0) throw new HttpError(400, 'A model needs files.')
  for (const { path, size } of files) {
    assertFilePath(path)
    if (size > env.maxFileBytes)
      throw new HttpError(413, `“${path}” has ${size} bytes; a file may have ${env.maxFileBytes}.`)
  }
  const manifestRoot = toHex(manifestTree(files).root)
  const ctx = await market()
  const [known] = await ctx.db
    .select()
    .from(drafts)
    .where(and(eq(drafts.owner, owner), eq(drafts.manifestRoot, manifestRoot)))
  const row = known ?? { id: randomUUID(), owner, files, manifestRoot }
  if (!known) await ctx.db.insert(drafts).values(row)
  return getDraft(owner, row.id)
}

/** Publishes in progress, newest first; those that the chain knows are done. */
export async function listDrafts(owner: Address): Promise<Draft[]> {
  const ctx = await market()
  const registered = ctx.db
    .select({ one: sql`1` })
    .from(versions)
    .where(and(eq(versions.manifestRoot, drafts.manifestRoot), eq(versions.publisher, owner)))
  const rows = await ctx.db
    .select()
    .from(drafts)
    .where(and(eq(drafts.owner, owner), notExists(registered)))
    .orderBy(desc(drafts.createdAt))
  return Promise.all(rows.map((row) => draftView(ctx, row)))
}

export async function getDraft(owner: Address, id: string): Promise<Draft> {
  const ctx = await market()
  return draftView(ctx, await draftRow(ctx, owner, id))
}

export async function discardDraft(owner: Address, id: string): Promise<void> {
  const ctx = await market()
  const { id: found } = await draftRow(ctx, owner, id)
  await ctx.db.delete(drafts).where(eq(drafts.id, found))
}

export async function draftRow({ db }: Pick<Market, 'db'>, owner: Address, id: string): Promise<DraftRow> {
  const [row] = await db
    .select()
    .from(drafts)
    .where(and(eq(drafts.id, id), eq(drafts.owner, owner)))
  if (!row) throw new HttpError(404, `You have no draft ${id.slice(0, 40)}.`)
  return row
}

async function draftView({ db }: Pick<Market, 'db'>, row: DraftRow): Promise<Draft> {
  const owned = await blobsOwnedBy(
    { db },
    row.owner,
    row.files.map(({ sha256 }) => sha256),
  )
  return {
    id: row.id,
    files: row.files.map((file) => ({ ...file, uploaded: owned.has(file.sha256) })),
    manifestRoot: row.manifestRoot as Hex,
    metadataURI: row.metadataUri,
    createdAt: Math.floor(row.createdAt.getTime() / 1000),
  }
}
