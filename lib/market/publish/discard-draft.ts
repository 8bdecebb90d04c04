import 'server-only'
import { eq } from 'drizzle-orm'
import type { Address } from 'viem'
import { drafts } from '../../db/schema'
import { hashOfUri } from '../../manifest/metadata'
import { type Market, market } from '../context/context'
import { type DraftRow, draftRow } from './drafts'
import { releaseBlobs } from './release-blobs'
import { uploads } from './uploads'

/** Discards the owner's draft, with what was uploaded for it. */
export async function discardDraft(owner: Address, id: string): Promise<void> {
  const ctx = await market()
  await removeDraft(ctx, await draftRow(ctx, owner, id))
}

export async function removeDraft(ctx: Market, { id, owner, files, metadataUri }: DraftRow): Promise<void> {
  await ctx.db.delete(drafts).where(eq(drafts.id, id))
  await (await uploads()).discard(id)
  const metadata = metadataUri === null ? null : hashOfUri(metadataUri)
  await releaseBlobs(ctx, owner, [...files.map(({ sha256 }) => sha256), ...(metadata ? [metadata] : [])])
}
