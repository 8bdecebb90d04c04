import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { Address } from 'viem'
import type { CopyId } from '../../chain/ids'
import { copies } from '../../db/schema'
import { readArtifact } from '../../storage/artifact'
import { market } from '../context/context'
import { HttpError } from '../http/http-error'
import { sendFile } from '../http/send-file'
import { copyRows } from './copy-view'

/** A file of the buyer's copy, or a range of it. Base bytes and edited tensors are joined as they are sent. */
export async function sendCopyFile(buyer: Address, id: CopyId, path: string, headers: Headers): Promise<Response> {
  const { db, blobs } = await market()
  const [row] = await copyRows({ db }, and(eq(copies.id, id), eq(copies.buyer, buyer))!)
  if (!row) throw new HttpError(404, 'market.copy-not-yours', { copy: id })
  const { copy, mint } = row
  if (copy.artifactRoot === null || copy.artifactRoot !== mint?.artifactRoot)
    throw new HttpError(409, 'market.copy-not-delivered', { copy: id })
  const file = mint.files?.find((entry) => entry.path === path)
  if (!file) throw new HttpError(404, 'market.file-unknown', { kind: 'copy', id, path: path.slice(0, 80) })
  return sendFile(file, headers, (from, to) => readArtifact(blobs, file.segments, from, to))
}
