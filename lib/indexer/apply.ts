import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { zeroAddress } from 'viem'
import type { Db } from '../db/open'
import { claims, copies, edges, holders, ledger, models, versions } from '../db/schema'
import { type Contracts, decode, type RawLog } from './decode'

const relations = ['finetune', 'adapter', 'merge', 'quantized'] as const

/**
 * Folds one log into the tables. A function of the log and of the tables alone: no clock, no network, so that replaying
 * the same logs gives the same tables.
 */
export async function apply(log: RawLog, db: Db, contracts: Contracts): Promise<void> {
  const event = decode(log, contracts)
  switch (event?.from) {
    case 'models':
      return applyToModels(event, log, db)
    case 'copies':
      return applyToCopies(event, log, db)
    case 'treasury':
      return applyToLedger(event, log, db, contracts)
    case 'shares':
      if (event.eventName === 'Transfer') {
        await addShares(db, log.address, event.args.from, -event.args.value)
        await addShares(db, log.address, event.args.to, event.args.value)
      }
  }
}

type Decoded = NonNullable<ReturnType<typeof decode>>
type From<Name> = Extract<Decoded, { from: Name }>

async function applyToModels(event: From<'models'>, log: RawLog, db: Db) {
  switch (event.eventName) {
    case 'Registered': {
      const { id, creator, shares } = event.args
      await db.insert(models).values({
        id: String(id),
        creator,
        owner: creator,
        shares,
        registeredAt: log.at,
        registeredTx: log.tx,
      })
      return
    }
    case 'ParentAdded': {
      const { child, parent, relation, royaltyBps } = event.args
      await db.insert(edges).values({
        child: String(child),
        parent: String(parent),
        relation: relations[relation],
        royaltyBps,
        position: log.logIndex,
      })
      return
    }
    case 'VersionAdded': {
      const { id, version, manifestRoot, metadataURI } = event.args
      const modelId = String(id)
      const [{ owner }] = await db.select({ owner: models.owner }).from(models).where(eq(models.id, modelId))
      await db
        .insert(versions)
        .values({ modelId, version, manifestRoot, uri: metadataURI, publisher: owner, registeredAt: log.at })
      await db.update(models).set({ version }).where(eq(models.id, modelId))
      return
    }
    case 'TermsSet': {
      const { id, termsHash, terms } = event.args
      await db
        .update(models)
        .set({ ...terms, termsHash })
        .where(eq(models.id, String(id)))
      return
    }
    case 'Retired':
      await db
        .update(models)
        .set({ retired: true })
        .where(eq(models.id, String(event.args.id)))
      return
    case 'Transfer':
      await db
        .update(models)
        .set({ owner: event.args.to })
        .where(eq(models.id, String(event.args.tokenId)))
  }
}

async function applyToCopies(event: From<'copies'>, log: RawLog, db: Db) {
  const update = async (id: bigint, set: Partial<typeof copies.$inferInsert>) => {
    await db
      .update(copies)
      .set(set)
      .where(eq(copies.id, String(id)))
  }
  switch (event.eventName) {
    case 'Ordered': {
      const { id, modelId, deliverDeadline, termsHash: _, mintFee: __, ...order } = event.args
      await db.insert(copies).values({
        ...order,
        id: String(id),
        modelId: String(modelId),
        state: 'ordered',
        deliverDeadline: Number(deliverDeadline),
        orderedAt: log.at,
        orderTx: log.tx,
      })
      return
    }
    case 'Delivered': {
      const { id, acceptDeadline, ...roots } = event.args
      return update(id, { state: 'delivered', acceptDeadline: Number(acceptDeadline), ...roots })
    }
    case 'Accepted': {
      await update(event.args.id, { state: 'active', acceptTx: log.tx })
      const bought = db
        .select({ id: copies.modelId })
        .from(copies)
        .where(eq(copies.id, String(event.args.id)))
      await db
        .update(models)
        .set({ copiesSold: sql`${models.copiesSold} + 1` })
        .where(eq(models.id, sql`(${bought})`))
      return
    }
    case 'Refunded':
      return update(event.args.id, { state: 'refunded' })
    case 'Closing':
      return update(event.args.id, { state: 'closing', thawEndsAt: Number(event.args.thawEndsAt) })
    case 'Closed':
      return update(event.args.id, { state: 'closed' })
    case 'CollateralAdded':
      return update(event.args.id, { collateral: event.args.collateral })
    case 'Slashed': {
      const { id, left } = event.args
      await update(id, { collateral: left })
      if (left > 0n) return
      const isLost = and(eq(copies.id, String(id)), inArray(copies.state, ['active', 'closing']))
      await db.update(copies).set({ state: 'slashed' }).where(isLost)
    }
  }
}

async function applyToLedger(event: From<'treasury'>, log: RawLog, db: Db, contracts: Contracts) {
  switch (event.eventName) {
    case 'Paid': {
      const { id, payer, amount, protocolCut, proverCut, minterCut } = event.args
      const modelId = String(id)
      const copyId = payer === contracts.copyRegistry ? await acceptedIn(db, log.tx, modelId) : null
      const source = copyId ? ({ kind: 'copy', copyId } as const) : ({ kind: 'payment' } as const)
      return earn(db, log, modelId, amount, amount - protocolCut - proverCut - minterCut, source)
    }
    case 'Flowed': {
      const { child, parent, amount } = event.args
      return earn(db, log, String(parent), amount, amount, { kind: 'royalty', child: String(child) })
    }
    case 'Claimed': {
      const { id, account, amount } = event.args
      await db
        .insert(claims)
        .values({ modelId: String(id), account, amount })
        .onConflictDoUpdate({
          target: [claims.modelId, claims.account],
          set: { amount: sql`${claims.amount} + ${amount.toString()}` },
        })
    }
  }
}

/** The copy whose acceptance brought this payment: the registry accepts before it pays. */
async function acceptedIn(db: Db, tx: string, modelId: string): Promise<string | null> {
  const unpaid = sql`not exists (select 1 from ${ledger} where ${ledger.copyId} = ${copies.id})`
  const [found] = await db
    .select({ id: copies.id })
    .from(copies)
    .where(and(eq(copies.acceptTx, tx), eq(copies.modelId, modelId), unpaid))
    .orderBy(desc(sql`${copies.id}::numeric`))
    .limit(1)
  return found?.id ?? null
}

type Source = { kind: 'copy'; copyId: string } | { kind: 'royalty'; child: string } | { kind: 'payment' }

/** `rest` is divided between the model's parents and its shareholders; the ledger's line is the shareholders' part, rounded down. */
async function earn(db: Db, log: RawLog, modelId: string, amount: bigint, rest: bigint, source: Source) {
  const owed = await db.select({ bps: edges.royaltyBps }).from(edges).where(eq(edges.child, modelId))
  const sharesBps = BigInt(owed.reduce((left, { bps }) => left - bps, 10_000))
  const line = { block: log.block, logIndex: log.logIndex, at: log.at, tx: log.tx, modelId, ...source }
  await db.insert(ledger).values({ ...line, amount: (rest * sharesBps) / 10_000n })
  await db
    .update(models)
    .set({
      earned: sql`${models.earned} + ${amount.toString()}`,
      income: sql`${models.income} + ${rest.toString()}`,
    })
    .where(eq(models.id, modelId))
}

async function addShares(db: Db, token: string, account: string, shares: bigint) {
  if (account === zeroAddress) return
  await db
    .insert(holders)
    .values({ token, account, shares })
    .onConflictDoUpdate({
      target: [holders.token, holders.account],
      set: { shares: sql`${holders.shares} + ${shares.toString()}` },
    })
}
