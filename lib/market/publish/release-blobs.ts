import 'server-only'
import { and, eq, or, sql } from 'drizzle-orm'
import type { Address } from 'viem'
import { blobOwners, drafts, mints, preparations, versions } from '../../db/schema'
import type { Market } from '../context/context'

/** Takes files from an account that gave them up, and deletes those that nobody owns and nothing was made of. */
export async function releaseBlobs({ db, blobs }: Pick<Market, 'db' | 'blobs'>, owner: Address, hashes: string[]) {
  for (const sha256 of new Set(hashes)) {
    const isMine = and(eq(blobOwners.sha256, sha256), eq(blobOwners.owner, owner))
    const [owned] = await db.select().from(blobOwners).where(isMine)
    if (!owned || (await isNeeded(db, sha256))) continue
    await db.delete(blobOwners).where(isMine)
    const others = await db.$count(blobOwners, eq(blobOwners.sha256, sha256))
    if (others === 0) await blobs.remove(sha256)
  }
}

/** Whether a draft, a version, a copy or a preparation names the file. A minted copy may contain the same bytes. */
async function isNeeded(db: Market['db'], sha256: string): Promise<boolean> {
  const text = `%${sha256}%`
  const counts = await Promise.all([
    db.$count(drafts, sql`${drafts.files}::text like ${text}`),
    db.$count(versions, sql`${versions.metadata}::text like ${text}`),
    db.$count(mints, sql`${mints.files}::text like ${text}`),
    db.$count(preparations, or(eq(preparations.blob, sha256), sql`${preparations.visitorsCopy}::text like ${text}`)),
  ])
  return counts.some((count) => count > 0)
}
