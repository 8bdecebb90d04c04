import 'server-only'
import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import { type Address, bytesToHex, type Hex, verifyTypedData } from 'viem'
import type { ModelId } from '../../chain/ids'
import { quoteToJson, quoteTypedData } from '../../chain/quote'
import { models, namedMinters, quotes, versions } from '../../db/schema'
import { KinmarkError } from '../../error'
import { failureOf } from '../../minting/failure'
import type { QuoteAnswer, QuoteRequest } from '../../minting/quote-request'
import { requestId } from '../../request-id'
import { type Market, market } from '../context/context'
import { HttpError } from '../http/http-error'
import type { QuoteView } from '../read/views'
import { preparationRow } from './preparation-row'
import { copyOfSeed, seedOf, storeSeed } from './seeds'
import { versionSecret } from './version-secret'

/** A buyer asks our minter for a quote of a model's newest version. Stores the seed, without which no minter promises anything. */
export async function requestQuote(buyer: Address, modelId: ModelId, seed: Hex): Promise<QuoteView> {
  const { db, deployment } = await market()
  const [model] = await db.select().from(models).where(eq(models.id, modelId))
  if (!model) throw new HttpError(404, 'market.model-unknown', { model: modelId })
  const isNamed = and(eq(namedMinters.modelId, modelId), eq(namedMinters.minter, deployment.minter))
  const [isMinter] = await db.select().from(namedMinters).where(isNamed)
  if (!isMinter) throw new HttpError(409, 'market.minter-not-named', { model: modelId, minter: deployment.minter })
  const buyerSeedHash = await storeSeed(buyer, seed)
  const copy = await copyOfSeed(buyerSeedHash)
  if (copy !== null) throw new HttpError(409, 'wallet.order-known', { copy })
  const { version, termsHash } = model
  const wanted = { modelId, version, termsHash, buyer, buyerSeedHash }
  // The quote, and later the order, has the id of this request, unless a request of another has used it.
  const [named] = await db
    .insert(quotes)
    .values({ id: requestId(), ...wanted })
    .onConflictDoNothing()
    .returning()
  const [row] = named ? [named] : await db.insert(quotes).values(wanted).returning()
  return viewOf(row)
}

export async function getQuote(buyer: Address, id: string): Promise<QuoteView> {
  const { db } = await market()
  const [row] = await db
    .select()
    .from(quotes)
    .where(and(eq(quotes.id, id), eq(quotes.buyer, buyer)))
  if (!row) throw new HttpError(404, 'market.quote-unknown', { quote: id })
  return viewOf(row)
}

/**
 * The oldest request of a version whose key pool is on the chain; null if there is none. Requests that our minter cannot
 * answer are answered with the reason on the way, so that they hold up no others.
 */
export async function nextQuoteRequest(): Promise<QuoteRequest | null> {
  const ctx = await market()
  for (;;) {
    const [found] = await ctx.db
      .select({ quote: quotes, version: versions })
      .from(quotes)
      .innerJoin(versions, and(eq(versions.modelId, quotes.modelId), eq(versions.version, quotes.version)))
      .where(
        and(
          isNull(quotes.signed),
          isNull(quotes.failure),
          isNotNull(versions.keyPoolRoot),
          isNotNull(versions.metadata),
          sql`${quotes.createdAt} > now() - interval '1 day'`,
        ),
      )
      .orderBy(asc(quotes.createdAt))
      .limit(1)
    if (!found) return null
    const request = await requestOf(ctx, found)
    if (!(request instanceof KinmarkError)) return request
    await answerQuote(found.quote.id, { failure: failureOf(request) })
  }
}

type Asked = { quote: typeof quotes.$inferSelect; version: typeof versions.$inferSelect }

/** The request as the minter gets it, or the reason why our minter cannot answer it. */
async function requestOf(ctx: Market, { quote, version }: Asked): Promise<QuoteRequest | KinmarkError> {
  const { id, modelId, termsHash, buyer, buyerSeedHash } = quote
  // A preparation is stored before its pool is committed to: without one, somebody else made the pool.
  const preparation = (await preparationRow(ctx, version))?.blob
  if (!preparation) return new KinmarkError('minting.key-pool-foreign', { committed: version.keyPoolRoot ?? '0x' })
  const seed = await seedOf(ctx, buyer, buyerSeedHash)
  if (!seed) return new KinmarkError('minting.seed-unknown')
  return {
    ...{ id, modelId, termsHash, buyer, preparation },
    version: quote.version,
    buyerSeed: bytesToHex(seed),
    files: version.metadata?.files ?? [],
    secret: bytesToHex(versionSecret(ctx, version)),
  }
}

/** Stores the minter's answer, of which the first one stays. A quote must be for the request, and signed by our minter. */
export async function answerQuote(id: string, answer: QuoteAnswer): Promise<void> {
  const ctx = await market()
  const { db } = ctx
  const [row] = await db.select().from(quotes).where(eq(quotes.id, id))
  if (!row) throw new HttpError(404, 'market.quote-unknown', { quote: id })
  const isUnanswered = and(eq(quotes.id, id), isNull(quotes.signed), isNull(quotes.failure))
  if ('failure' in answer) {
    await db.update(quotes).set({ failure: answer.failure }).where(isUnanswered)
    return
  }
  const { quote } = answer
  const isOurs =
    quote.minter === ctx.deployment.minter &&
    quote.modelId === BigInt(row.modelId) &&
    quote.version === row.version &&
    quote.termsHash === row.termsHash &&
    quote.buyer === row.buyer &&
    quote.buyerSeedHash === row.buyerSeedHash
  if (!isOurs || !(await isSigned(ctx, answer))) throw new HttpError(400, 'minting.quote-invalid', { quote: id })
  await db
    .update(quotes)
    .set({ signed: quoteToJson(answer) })
    .where(isUnanswered)
}

async function isSigned({ deployment }: Market, { quote, signature }: Extract<QuoteAnswer, { quote: unknown }>) {
  const { chainId, contracts } = deployment
  const typed = quoteTypedData(chainId, contracts.minterRegistry, quote)
  return verifyTypedData({ ...typed, address: quote.minter, signature }).catch(() => false)
}

function viewOf({ id, signed, failure }: typeof quotes.$inferSelect): QuoteView {
  return { id, signed, failure }
}
