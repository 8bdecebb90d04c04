import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { Address } from 'viem'
import type { ModelId } from '../../chain/ids'
import { drafts, models, versions } from '../../db/schema'
import type { Draft } from '../../manifest/draft'
import type { FileEntry } from '../../manifest/manifest'
import { hashOfUri, hashUri, type Metadata, parseMetadata, readText } from '../../manifest/metadata'
import { type Blobs, hashOf } from '../../storage/blobs'
import { assertCanFingerprint } from '../../weights/can-fingerprint'
import { assertPublishable, inspectModel } from '../../weights/inspect-model'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { storedBytes } from '../read/stored-bytes'
import { blobsOwnedBy, recordBlobOwner } from './blob-ownership'
import { type DraftRow, draftRow, getDraft } from './drafts'
import { fileChanged } from './file-changed'

/** Choices of the creator beside files and terms. */
export type PublishOptions = Required<Pick<Metadata, 'playground'>>

/**
 * Hashes every stored file again, inspects the model and stores its metadata, so that it can be registered. For a draft
 * that was finalized before, only the options change. Throws `market.draft-published`.
 */
export async function finalizeDraft(owner: Address, id: string, options: PublishOptions): Promise<Draft> {
  const { db, blobs } = await market()
  const draft = await draftRow({ db }, owner, id)
  const model = await registeredAs({ db }, draft)
  if (model) throw new HttpError(409, 'market.draft-published', { model })
  const metadata = (await storedMetadata(blobs, draft.metadataUri)) ?? (await readModel({ db, blobs }, draft))
  const { sha256 } = await blobs.put([Buffer.from(JSON.stringify({ ...metadata, ...options }))])
  await recordBlobOwner({ db }, owner, sha256)
  await db
    .update(drafts)
    .set({ metadataUri: hashUri(sha256) })
    .where(eq(drafts.id, id))
  return getDraft(owner, id)
}

/** The owner’s model on sale that has exactly these files: another tab or device may have registered it. */
async function registeredAs({ db }: Pick<Market, 'db'>, draft: DraftRow): Promise<ModelId | null> {
  const isSame = and(eq(versions.manifestRoot, draft.manifestRoot), eq(versions.publisher, draft.owner))
  const [row] = await db
    .select({ id: models.id })
    .from(versions)
    .innerJoin(models, eq(models.id, versions.modelId))
    .where(and(isSame, eq(models.retired, false)))
  return row?.id ?? null
}

async function storedMetadata(blobs: Blobs, uri: string | null): Promise<Metadata | null> {
  const hash = uri && hashOfUri(uri)
  return hash ? parseMetadata(await readText(blobs.read(hash))) : null
}

async function readModel({ db, blobs }: Pick<Market, 'db' | 'blobs'>, draft: DraftRow): Promise<Metadata> {
  const hashes = draft.files.map(({ sha256 }) => sha256)
  const ownedHashes = await blobsOwnedBy({ db }, draft.owner, hashes)
  for (const { path, sha256 } of draft.files) {
    const received = draft.received[path]
    if (received && received !== sha256) throw fileChanged(path, sha256, received)
    if (!ownedHashes.has(sha256)) throw new HttpError(409, 'market.file-not-uploaded', { path })
    const found = (await hashOf(blobs.read(sha256))).sha256
    if (found !== sha256) throw fileChanged(path, sha256, found)
  }
  return metadataOf(blobs, draft.files)
}

async function metadataOf(blobs: Blobs, files: FileEntry[]): Promise<Metadata> {
  const model = await inspectModel(files.map((file) => storedBytes(blobs, file)))
  assertPublishable(model)
  assertCanFingerprint(model.config)
  return {
    name: model.card?.title ?? 'Untitled model',
    summary: model.card?.summary ?? '',
    task: model.card?.task ?? null,
    licence: model.card?.licence ?? null,
    tags: model.card?.tags ?? [],
    family: model.config.family,
    parameters: model.parameters,
    dtype: model.dtype,
    card: model.card?.body ?? '',
    files: files.map(({ path, size, sha256 }) => ({ path, size, sha256 })),
    tensors: [...model.tensors.values()].map(({ name, dtype, shape, byteLength }) => ({
      name,
      dtype,
      shape: [...shape],
      sizeBytes: byteLength,
    })),
  }
}
