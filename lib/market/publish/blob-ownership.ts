import 'server-only'
import { and, eq, inArray } from 'drizzle-orm'
import type { Address } from 'viem'
import { blobOwners } from '../../db/schema'
import type { Market } from '../context/context'

/** The blobs among `hashes` that the account uploaded. Knowing a file's hash gives no right to the file. */
export async function blobsOwnedBy({ db }: Pick<Market, 'db'>, owner: Address, hashes: string[]): Promise<Set<string>> {
  if (hashes.length === 0) return new Set()
  const rows = await db
    .select({ sha256: blobOwners.sha256 })
    .from(blobOwners)
    .where(and(eq(blobOwners.owner, owner), inArray(blobOwners.sha256, hashes)))
  return new Set(rows.map(({ sha256 }) => sha256))
}

export async function recordBlobOwner({ db }: Pick<Market, 'db'>, owner: Address, sha256: string): Promise<void> {
  await db.insert(blobOwners).values({ owner, sha256 }).onConflictDoNothing()
}
