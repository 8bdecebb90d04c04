import 'server-only'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { eq, sql } from 'drizzle-orm'
import { drafts } from '../../db/schema'
import { KinmarkError, messageOf } from '../../error'
import { openUploads, type Upload, type Uploads } from '../../storage/uploads'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { requireSession } from '../http/session'
import { recordBlobOwner } from './blob-ownership'
import { draftRow } from './drafts'

const shared = globalThis as typeof globalThis & { kinmarkUploads?: Promise<Uploads> }

/** This process's uploads: what a signed-in creator sends for a draft of theirs. */
export function uploads(): Promise<Uploads> {
  shared.kinmarkUploads ??= market().then(open)
  return shared.kinmarkUploads
}

async function open(opened: Market): Promise<Uploads> {
  const { env } = opened
  const made = openUploads({
    folder: join(env.data, 'uploads'),
    path: '/api/uploads',
    maxBytes: env.maxFileBytes,
    admit,
    finish: (upload, file) => receive(opened, upload, file),
    refuse: (error) => ({
      status_code: error instanceof HttpError ? error.status : error instanceof KinmarkError ? 400 : 500,
      body: JSON.stringify({ error: messageOf(error) }),
    }),
  })
  await made.resume()
  return made
}

/** The upload is a file of a draft of the signed-in account, as long as was announced. */
async function admit({ draft, path, size }: Upload): Promise<void> {
  const { files } = await draftRow(await market(), await requireSession(), draft)
  const file = files.find((announced) => announced.path === path)
  if (!file) throw new HttpError(400, `The draft has no file “${path.slice(0, 80)}”.`)
  if (file.size !== size)
    throw new HttpError(400, `“${path}” was announced with ${file.size} bytes; the upload has ${size}.`)
}

/** A file with the announced hash becomes a blob of the draft's owner; of another, its hash is noted for the sentence that refuses it. */
async function receive({ db, blobs }: Market, { draft, path }: Upload, file: string): Promise<void> {
  const [row] = await db.select().from(drafts).where(eq(drafts.id, draft))
  const announced = row?.files.find((one) => one.path === path)
  if (!announced) return rm(file, { force: true })
  const { sha256 } = await blobs.adopt(file, announced.sha256)
  await db
    .update(drafts)
    .set({ received: sql`${drafts.received} || ${JSON.stringify({ [path]: sha256 })}::jsonb` })
    .where(eq(drafts.id, draft))
  if (sha256 === announced.sha256) return recordBlobOwner({ db }, row.owner, sha256)
  await rm(file, { force: true })
  throw new HttpError(
    409,
    `“${path}” arrived with the SHA-256 ${sha256}; ${announced.sha256} was announced. Choose the file again.`,
  )
}
