import 'server-only'
import { eq, sql } from 'drizzle-orm'
import { drafts } from '../../db/schema'
import { problemMediaType } from '../../problem'
import { openUploads, type Upload, type Uploads } from '../../storage/uploads'
import { type Market, market } from '../context/context'
import { requireAccount } from '../http/account'
import { HttpError } from '../http/http-error'
import { problemOfError } from '../http/problem-response'
import { recordBlobOwner } from './blob-ownership'
import { draftRow } from './drafts'
import { fileChanged } from './file-changed'

const shared = globalThis as typeof globalThis & { kinmarkUploads?: Promise<Uploads> }

/** This process's upload server: it takes files of the signed-in creator's own drafts. */
export function uploads(): Promise<Uploads> {
  shared.kinmarkUploads ??= market().then(open)
  return shared.kinmarkUploads
}

async function open(ctx: Market): Promise<Uploads> {
  const { env, waiting } = ctx
  const opened = openUploads({
    store: waiting,
    path: '/api/uploads',
    maxBytes: env.maxFileBytes,
    admit,
    finish: (upload, id) => receive(ctx, upload, id),
    refuse: (error) => {
      const problem = problemOfError(error)
      return { status_code: problem.status, body: JSON.stringify(problem) }
    },
  })
  await opened.resume()
  return { ...opened, handle: async (request) => labelProblem(await opened.handle(request)) }
}

/** tus sends every error as text. This gives problems their media type. */
async function labelProblem(response: Response): Promise<Response> {
  if (response.ok) return response
  const text = await response.text()
  const headers = new Headers(response.headers)
  if (text.startsWith('{')) headers.set('content-type', problemMediaType)
  return new Response(text, { status: response.status, headers })
}

/** Throws unless the upload is a file of the signed-in account's draft with the announced size. */
async function admit({ draft, path, size }: Upload): Promise<void> {
  const { files } = await draftRow(await market(), await requireAccount('models:publish'), draft)
  const file = files.find((announced) => announced.path === path)
  if (!file) throw new HttpError(400, 'market.draft-file-unknown', { path: path.slice(0, 80) })
  if (file.size !== size) throw new HttpError(400, 'market.file-size', { path, announced: file.size, found: size })
}

/** Makes a file with the announced hash a blob of the draft's owner. Drops any other file and throws `market.file-changed`. */
async function receive({ db, waiting }: Market, { draft, path }: Upload, id: string): Promise<void> {
  const [row] = await db.select().from(drafts).where(eq(drafts.id, draft))
  const announced = row?.files.find((one) => one.path === path)
  if (!announced) return waiting.drop(id)
  const { sha256 } = await waiting.take(id, announced.sha256)
  await db
    .update(drafts)
    .set({ received: sql`${drafts.received} || ${JSON.stringify({ [path]: sha256 })}::jsonb` })
    .where(eq(drafts.id, draft))
  if (sha256 === announced.sha256) return recordBlobOwner({ db }, row.owner, sha256)
  await waiting.drop(id)
  throw fileChanged(path, announced.sha256, sha256)
}
