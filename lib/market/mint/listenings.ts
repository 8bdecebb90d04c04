import 'server-only'
import { randomUUID } from 'node:crypto'
import { and, asc, eq, gte, isNotNull, isNull, lt, or, sql } from 'drizzle-orm'
import { type Address, bytesToHex } from 'viem'
import { z } from 'zod'
import type { ModelId } from '../../chain/ids'
import { listenings, versions } from '../../db/schema'
import { KinmarkError } from '../../error'
import { failureOf } from '../../minting/failure'
import { type ListeningReport, type ListeningWork, sealTranscripts } from '../../minting/listening'
import { readTranscripts } from '../../openai/transcripts'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import type { ListeningView } from '../read/views'
import { keysMissing, mintedCopiesOf, ownedVersion } from './owned-version'
import { preparationRow } from './preparation-row'
import { silence } from './silence'
import { versionSecret } from './version-secret'

/** Characters of one transcript: reading a longer one could keep a minter from answering. */
const longest = 2 ** 18
/** Listenings of one account that may wait. */
const mostWaiting = 4
/** A minter that reads a listening so often without an end is stopped by it. */
const mostTries = 3
/** Listenings are deleted after this long, finished or not. */
const days = 30

type Row = typeof listenings.$inferSelect

const isUnfinished = and(isNull(listenings.heard), isNull(listenings.failure))
const isFree = or(isNull(listenings.heardAt), lt(listenings.heardAt, silence))

/**
 * A model's owner lets a minter find out which copies wrote recorded answers: JSON lines of transcripts. They are sealed, and
 * deleted when that is done. Throws as `ownedVersion`, `openai.transcript-invalid`, `fingerprint.no-answers`,
 * `market.transcript-too-long` and `market.listenings-many`.
 */
export async function requestListening(account: Address, modelId: ModelId, text: string): Promise<ListeningView> {
  const { ctx, version } = await ownedVersion(account, modelId)
  if (!(await preparationRow(ctx, version))) throw keysMissing(modelId)
  const transcripts = transcriptsIn(text)
  const waiting = await ctx.db.$count(listenings, and(eq(listenings.account, account), isUnfinished))
  if (waiting >= mostWaiting) throw new HttpError(409, 'market.listenings-many', { limit: mostWaiting })
  const { sha256: blob } = await ctx.blobs.put([sealTranscripts(versionSecret(ctx, version), text)])
  const { manifestRoot } = version
  const [row] = await ctx.db
    .insert(listenings)
    .values({ modelId, manifestRoot, account, blob, texts: transcripts.length })
    .returning()
  return viewOf(row)
}

function transcriptsIn(text: string) {
  const transcripts = readTranscripts(text)
  if (transcripts.every(({ answer }) => answer === '')) throw new HttpError(400, 'fingerprint.no-answers')
  for (const [i, { prompt, answer }] of transcripts.entries()) {
    const texts = [answer, ...(typeof prompt === 'string' ? [prompt] : prompt.map(({ content }) => content))]
    const characters = texts.reduce((sum, { length }) => sum + length, 0)
    if (characters > longest) throw new HttpError(400, 'market.transcript-too-long', { number: i + 1, limit: longest })
  }
  return transcripts
}

/** Throws `market.listening-unknown`, also for somebody else's. */
export async function getListening(account: Address, modelId: ModelId, id: string): Promise<ListeningView> {
  return viewOf(await listeningOf(await market(), account, modelId, id))
}

/** Forgets a listening and its transcripts. Throws `market.listening-unknown`. */
export async function removeListening(account: Address, modelId: ModelId, id: string): Promise<void> {
  const ctx = await market()
  const row = await listeningOf(ctx, account, modelId, id)
  await ctx.db.delete(listenings).where(eq(listenings.id, row.id))
  await ctx.blobs.remove(row.blob)
}

async function listeningOf({ db }: Market, account: Address, modelId: ModelId, id: string): Promise<Row> {
  const isTheirs = and(eq(listenings.id, id), eq(listenings.account, account), eq(listenings.modelId, modelId))
  const [row] = z.uuid().safeParse(id).success ? await db.select().from(listenings).where(isTheirs) : []
  if (!row) throw new HttpError(404, 'market.listening-unknown', { listening: id.slice(0, 80) })
  return row
}

function viewOf({ id, texts, done, heard, failure }: Row): ListeningView {
  return { id, texts, done, heard, failure }
}

/** Claims the listening that waits for longest; null if there is none. Those that cannot be judged end on the way. */
export async function claimListening(): Promise<ListeningWork | null> {
  const ctx = await market()
  for (;;) {
    const [next] = await ctx.db
      .select()
      .from(listenings)
      .where(and(isUnfinished, isFree))
      .orderBy(asc(listenings.createdAt))
      .limit(1)
    if (!next) return null
    const [row] = await ctx.db
      .update(listenings)
      .set({ claim: randomUUID(), heardAt: sql`now()`, tries: sql`${listenings.tries} + 1`, done: 0 })
      .where(and(eq(listenings.id, next.id), isUnfinished, isFree))
      .returning()
    const work = row && (await workOf(ctx, row))
    if (work && !(work instanceof KinmarkError)) return work
    if (work) await end(ctx, row, { failure: failureOf(work) })
  }
}

/** A claimed row as its minter gets it, or the error why nobody can judge it. */
async function workOf(
  ctx: Market,
  { claim, modelId, manifestRoot, blob, tries }: Row,
): Promise<ListeningWork | KinmarkError> {
  if (tries > mostTries) return new KinmarkError('minting.listening-lost', { tries: mostTries })
  const [version] = await ctx.db
    .select()
    .from(versions)
    .where(and(eq(versions.modelId, modelId), eq(versions.manifestRoot, manifestRoot), isNotNull(versions.metadata)))
  const preparation = version && (await preparationRow(ctx, version))?.blob
  if (!claim || !preparation) return new KinmarkError('market.keys-missing', { model: modelId })
  const copies = await mintedCopiesOf(ctx, version)
  return {
    ...{ claim, modelId, preparation },
    version: version.version,
    files: version.metadata?.files ?? [],
    secret: bytesToHex(versionSecret(ctx, version)),
    transcripts: blob,
    copies: copies.map(({ copyId, buyerSeed }) => ({ copyId, buyerSeed: bytesToHex(buyerSeed) })),
  }
}

/** Keeps a minter's claim, and stores what it found out. Throws `minting.lease-over`. */
export async function reportListening({ claim, done, end: ended }: ListeningReport): Promise<void> {
  const ctx = await market()
  const [row] = await ctx.db
    .update(listenings)
    .set({ done, heardAt: sql`now()` })
    .where(and(eq(listenings.claim, claim), isUnfinished))
    .returning()
  if (!row) throw new HttpError(409, 'minting.lease-over')
  if (ended) await end(ctx, row, ended)
}

async function end({ db, blobs }: Market, { id, blob }: Row, ended: NonNullable<ListeningReport['end']>) {
  await db.update(listenings).set(ended).where(eq(listenings.id, id))
  await blobs.remove(blob)
}

/** The listening that a minter has claimed; null where it was silent. */
export async function claimedListening({ db }: Pick<Market, 'db'>, claim: string): Promise<Row | null> {
  const isHeld = and(eq(listenings.claim, claim), isUnfinished, gte(listenings.heardAt, silence))
  const [row] = await db.select().from(listenings).where(isHeld)
  return row ?? null
}

/** Deletes listenings that are a month old, with their transcripts. */
export async function removeOldListenings({ db, blobs }: Pick<Market, 'db' | 'blobs'>): Promise<void> {
  const isOld = lt(listenings.createdAt, sql`now() - ${sql.raw(`interval '${days} days'`)}`)
  for (const { blob } of await db.delete(listenings).where(isOld).returning()) await blobs.remove(blob)
}
