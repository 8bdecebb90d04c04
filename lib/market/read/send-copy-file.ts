import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { Address } from 'viem'
import { copies } from '../../db/schema'
import { readArtifact } from '../../storage/artifact'
import { market } from '../context/context'
import { HttpError } from '../http/http-error'
import { sendFile } from '../http/send-file'
import { copyRows } from './copy-view'

/** A file of a buyer's copy, or the range of it that was asked for: base bytes and edited tensors joined on the way out. */
export async function sendCopyFile(buyer: Address, id: string, path: string, asked: Headers): Promise<Response> {
  const { db, blobs } = await market()
  const [row] = await copyRows({ db }, and(eq(copies.id, id), eq(copies.buyer, buyer))!)
  if (!row) throw new HttpError(404, `You have no copy ${id.slice(0, 80)}.`)
  const { copy, mint } = row
  if (copy.artifactRoot === null || copy.artifactRoot !== mint?.artifactRoot)
    throw new HttpError(409, `Copy ${id} has not been delivered yet.`)
  const file = mint.files?.find((entry) => entry.path === path)
  if (!file) throw new HttpError(404, `Copy ${id} has no file “${path.slice(0, 80)}”.`)
  return sendFile(file, asked, (from, to) => readArtifact(blobs, file.segments, from, to))
}
