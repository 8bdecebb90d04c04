import 'server-only'
import { Readable } from 'node:stream'
import { eq } from 'drizzle-orm'
import type { CopyId } from '../../chain/ids'
import { copies } from '../../db/schema'
import { copyKey, sealFiles } from '../../minting/sealed-copy'
import { readCopy } from '../../storage/artifact'
import { market } from '../context/context'
import { HttpError } from '../http/http-error'
import { copyRows } from '../read/copy-view'
import { versionSecret } from './version-secret'

/**
 * The sealed files of a delivered copy, for everybody: whoever doubts that a copy was delivered compares their SHA-256 with
 * the one on the chain. Only the buyer's seed opens them.
 */
export async function sendSealedCopy(id: CopyId): Promise<Response> {
  const ctx = await market()
  const [row] = await copyRows(ctx, eq(copies.id, id))
  if (!row) throw new HttpError(404, 'market.copy-unknown', { copy: id })
  const { copy, mint } = row
  if (!copy.ciphertextHash || !mint?.files || !mint.artifactRoot || copy.artifactRoot !== mint.artifactRoot)
    throw new HttpError(409, 'market.copy-not-delivered', { copy: id })
  const key = copyKey(
    versionSecret(ctx, { modelId: copy.modelId, manifestRoot: mint.manifestRoot }),
    id,
    mint.artifactRoot,
  )
  const length = mint.files.reduce((sum, { size }) => sum + size, 0)
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(length) }
  const body = Readable.toWeb(Readable.from(sealFiles(key, readCopy(ctx.blobs, mint.files)))) as ReadableStream
  return new Response(body, { headers })
}
