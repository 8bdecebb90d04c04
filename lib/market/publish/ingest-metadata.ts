import 'server-only'
import { and, eq, isNull } from 'drizzle-orm'
import { toHex } from 'viem'
import { versions } from '../../db/schema'
import { manifestTree } from '../../manifest/manifest'
import { hashOfUri, parseMetadata, readText } from '../../manifest/metadata'
import type { Market } from '../context/context'
import { blobsOwnedBy } from './blob-ownership'

/**
 * Reads the metadata of new versions. A version stays without metadata, and is neither listed nor minted, while its
 * metadata or files are not stored here, were not uploaded by its publisher, or do not have its manifest root.
 */
export async function ingestMetadata({ db, blobs }: Pick<Market, 'db' | 'blobs'>): Promise<void> {
  const unread = await db.select().from(versions).where(isNull(versions.metadata))
  for (const { modelId, version, uri, publisher, manifestRoot } of unread) {
    const hash = hashOfUri(uri)
    if (!hash || (await blobs.size(hash)) === null) continue
    const metadata = parseMetadata(await readText(blobs.read(hash)))
    if (!metadata || toHex(manifestTree(metadata.files).root) !== manifestRoot) continue
    const hashes = [hash, ...metadata.files.map((file) => file.sha256)]
    const ownedHashes = await blobsOwnedBy({ db }, publisher, hashes)
    if (!hashes.every((needed) => ownedHashes.has(needed))) continue
    await db
      .update(versions)
      .set({ metadata })
      .where(and(eq(versions.modelId, modelId), eq(versions.version, version)))
  }
}
