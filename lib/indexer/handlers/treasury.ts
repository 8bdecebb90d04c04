import { and, desc, eq, sql } from 'drizzle-orm'
import type { Hex } from 'viem'
import { type CopyId, type ModelId, toModelId } from '../../chain/ids'
import type { Db } from '../../db/open'
import { claims, copies, edges, ledger, models } from '../../db/schema'
import { partDown, sharesBps } from '../../money/split'
import type { Contracts, EventOf, RawLog } from '../decode'

/** Treasury: payments, royalties and claims. */
export async function handleTreasury(
  event: EventOf<'treasury'>,
  log: RawLog,
  db: Db,
  contracts: Contracts,
): Promise<void> {
  switch (event.eventName) {
    case 'Paid': {
      const { id, payer, amount, protocolCut, proverCut, minterCut } = event.args
      const modelId = toModelId(id)
      const copyId = payer === contracts.copyRegistry ? await acceptedIn(db, log.tx, modelId) : null
      const source = copyId ? ({ kind: 'copy', copyId } as const) : ({ kind: 'payment' } as const)
      return earn(db, log, modelId, amount, amount - protocolCut - proverCut - minterCut, source)
    }
    case 'Flowed': {
      const { child, parent, amount } = event.args
      return earn(db, log, toModelId(parent), amount, amount, { kind: 'royalty', child: toModelId(child) })
    }
    case 'Claimed': {
      const { id, account, amount } = event.args
      await db
        .insert(claims)
        .values({ modelId: toModelId(id), account, amount })
        .onConflictDoUpdate({
          target: [claims.modelId, claims.account],
          set: { amount: sql`${claims.amount} + ${amount.toString()}` },
        })
    }
  }
}

/** The copy that this payment is for. The registry emits `Accepted` before `Paid`, so it is the transaction’s newest accepted copy without a payment. */
async function acceptedIn(db: Db, tx: Hex, modelId: ModelId): Promise<CopyId | null> {
  const unpaid = sql`not exists (select 1 from ${ledger} where ${ledger.copyId} = ${copies.id})`
  const [found] = await db
    .select({ id: copies.id })
    .from(copies)
    .where(and(eq(copies.acceptTx, tx), eq(copies.modelId, modelId), unpaid))
    .orderBy(desc(sql`${copies.id}::numeric`))
    .limit(1)
  return found?.id ?? null
}

type Source = { kind: 'copy'; copyId: CopyId } | { kind: 'royalty'; child: ModelId } | { kind: 'payment' }

/** Books a payment. Parents and shareholders divide `rest`; the ledger’s row is the shareholders’ part, rounded down. */
async function earn(db: Db, log: RawLog, modelId: ModelId, amount: bigint, rest: bigint, source: Source) {
  const owed = await db.select({ royaltyBps: edges.royaltyBps }).from(edges).where(eq(edges.child, modelId))
  const row = { block: log.block, logIndex: log.logIndex, at: log.at, tx: log.tx, modelId, ...source }
  await db.insert(ledger).values({ ...row, amount: partDown(rest, sharesBps(owed)) })
  await db
    .update(models)
    .set({
      earned: sql`${models.earned} + ${amount.toString()}`,
      income: sql`${models.income} + ${rest.toString()}`,
    })
    .where(eq(models.id, modelId))
}
