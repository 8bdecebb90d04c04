import 'server-only'
import { and, eq } from 'drizzle-orm'
import type { CopyId, ModelId } from '../../chain/ids'
import { copies, versions } from '../../db/schema'
import { KinmarkError } from '../../error'
import type { Metadata } from '../../manifest/metadata'
import { folderName, type Program, programsFor, type Step, type Subject, stepsToGet } from '../../programs/programs'
import type { Blobs } from '../../storage/blobs'
import { assertCanExport } from '../../weights/can-export'
import { llamaGguf } from '../../weights/gguf/write/llama-gguf'
import { inspectModel } from '../../weights/inspect-model'
import { chatTemplateText } from '../../weights/text/chat-template'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import { cached } from './cached'
import { describedModel } from './model-summary'
import { storedBytes } from './stored-bytes'

export type Programs = { folder: string; get: Step[]; items: Program[] }

/** A version’s files never change. */
const daySeconds = 86_400

/**
 * The programs that run a model, with the commands for one of its copies, or for one that is still to be bought. Throws
 * `market.model-unknown` and `market.copy-unknown`.
 */
export async function programsOf(modelId: ModelId, copyId: CopyId | null): Promise<Programs> {
  const ctx = await market()
  const found = await describedModel(ctx, modelId)
  if (!found) throw new HttpError(404, 'market.model-unknown', { model: modelId })
  const { manifestRoot, metadata } = copyId === null ? versionOf(found) : await versionOfCopy(ctx, modelId, copyId)
  const facts = await cached(`programs ${manifestRoot}`, daySeconds, () => factsOf(ctx.blobs, metadata))
  const { env } = ctx
  const folder = copyId === null ? folderName(metadata.name, modelId) : `copy-${copyId}`
  const subject: Subject = {
    ...{ modelId, copyId, folder, site: env.origins[0], rpcUrl: env.publicRpcUrl, family: metadata.family },
    ...facts,
  }
  return { folder, get: stepsToGet(subject), items: programsFor(subject) }
}

type Version = { manifestRoot: string; metadata: Metadata }

function versionOf({ version, metadata }: NonNullable<Awaited<ReturnType<typeof describedModel>>>): Version {
  return { manifestRoot: version.manifestRoot, metadata }
}

async function versionOfCopy({ db }: Pick<Market, 'db'>, modelId: ModelId, copyId: CopyId): Promise<Version> {
  const [found] = await db
    .select({ manifestRoot: versions.manifestRoot, metadata: versions.metadata })
    .from(copies)
    .innerJoin(versions, and(eq(versions.modelId, copies.modelId), eq(versions.version, copies.version)))
    .where(and(eq(copies.id, copyId), eq(copies.modelId, modelId)))
  if (!found?.metadata) throw new HttpError(404, 'market.copy-unknown', { copy: copyId })
  return { manifestRoot: found.manifestRoot, metadata: found.metadata }
}

/** What the files say: whether the model chats, and what cannot be written of it. */
async function factsOf(blobs: Blobs, { files, name }: Metadata): Promise<Pick<Subject, 'chat' | 'obstacles'>> {
  const stored = files.map((file) => storedBytes(blobs, file))
  const gguf = await obstacle(() => llamaGguf(stored, 'Q8_0', name))
  const onnx = await obstacle(async () => assertCanExport((await inspectModel(stored)).config))
  return { chat: (await chatTemplateText(stored)) !== null, obstacles: { gguf, onnx } }
}

/** The sentence of the error with which this model is refused. Other errors are thrown. */
async function obstacle(write: () => Promise<unknown>): Promise<string | null> {
  try {
    await write()
    return null
  } catch (error) {
    const refused = ['weights.cannot-write-gguf', 'weights.cannot-export']
    if (error instanceof KinmarkError && refused.includes(error.code)) return error.message
    throw error
  }
}
