import 'server-only'
import { randomUUID } from 'node:crypto'
import { and, desc, eq, notExists, sql } from 'drizzle-orm'
import { type Address, toHex } from 'viem'
import { drafts, versions } from '../../db/schema'
import type { Draft } from '../../manifest/draft'
import { assertFilePath, type FileEntry, manifestTree } from '../../manifest/manifest'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { blobsOwnedBy } from './blob-ownership'

/** Drafts of one account that are not registered. */
const mostDrafts = 20

export type DraftRow = typeof drafts.$inferSelect

/** A new draft with these files, or the owner's draft that has exactly these files. */
export async function createDraft(owner: Address, files: FileEntry[]): Promise<Draft> {
  const ctx = await market()
  const limit = ctx.env.maxFileBytes
  if (files.length === 0) throw new HttpError(400, 'market.draft-empty')
  for (const { path, size } of files) {
    assertFilePath(path)
    if (size > limit) throw new HttpError(413, 'market.file-too-large', { path, bytes: size, limit })
  }
  const manifestRoot = toHex(manifestTree(files).root)
  const [known] = await ctx.db
    .select()
    .from(drafts)
    .where(and(eq(drafts.owner, owner), eq(drafts.manifestRoot, manifestRoot)))
  if (!known) await assertRoom(ctx, owner, files)
  const row = known ?? { id: randomUUID(), owner, files, manifestRoot }
  if (!known) await ctx.db.insert(drafts).values(row)
  return getDraft(owner, row.id)
}

/** Throws `market.drafts-many` and `market.draft-quota` where the owner has no room for another draft. */
async function assertRoom(ctx: Market, owner: Address, files: FileEntry[]): Promise<void> {
  const rows = await unregistered(ctx, owner)
  if (rows.length >= mostDrafts) throw new HttpError(429, 'market.drafts-many', { limit: mostDrafts })
  const bytes = [...rows.flatMap((row) => row.files), ...files].reduce((sum, { size }) => sum + size, 0)
  const limit = ctx.env.maxDraftBytes
  if (bytes > limit) throw new HttpError(413, 'market.draft-quota', { bytes, limit })
}

function unregistered({ db }: Pick<Market, 'db'>, owner: Address): Promise<DraftRow[]> {
  const registered = db
    .select({ one: sql`1` })
    .from(versions)
    .where(and(eq(versions.manifestRoot, drafts.manifestRoot), eq(versions.publisher, owner)))
  return db
    .select()
    .from(drafts)
    .where(and(eq(drafts.owner, owner), notExists(registered)))
    .orderBy(desc(drafts.createdAt))
}

export async function isDraft({ db }: Pick<Market, 'db'>, id: string): Promise<boolean> {
  return (await db.$count(drafts, eq(drafts.id, id))) > 0
}

/** The owner's drafts that are not registered on the chain yet, newest first. */
export async function listDrafts(owner: Address): Promise<Draft[]> {
  const ctx = await market()
  const rows = await unregistered(ctx, owner)
  return Promise.all(rows.map((row) => draftView(ctx, row)))
}

export async function getDraft(owner: Address, id: string): Promise<Draft> {
  const ctx = await market()
  return draftView(ctx, await draftRow(ctx, owner, id))
}

/** Throws `market.draft-unknown`. */
export async function draftRow({ db }: Pick<Market, 'db'>, owner: Address, id: string): Promise<DraftRow> {
  const [row] = await db
    .select()
    .from(drafts)
    .where(and(eq(drafts.id, id), eq(drafts.owner, owner)))
  if (!row) throw new HttpError(404, 'market.draft-unknown', { draft: id.slice(0, 40) })
  return row
}

async function draftView({ db }: Pick<Market, 'db'>, row: DraftRow): Promise<Draft> {
  const ownedHashes = await blobsOwnedBy(
    { db },
    row.owner,
    row.files.map(({ sha256 }) => sha256),
  )
  return {
    id: row.id,
    files: row.files.map((file) => ({ ...file, uploaded: ownedHashes.has(file.sha256) })),
    manifestRoot: row.manifestRoot,
    metadataURI: row.metadataUri,
    createdAt: Math.floor(row.createdAt.getTime() / 1000),
  }
}
