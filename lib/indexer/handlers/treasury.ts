import { and, asc, desc, eq, sql } from 'drizzle-orm'
import type { Hex } from 'viem'
import { type CopyId, type ModelId, toModelId } from '../../chain/ids'
import type { Db } from '../../db/open'
import { ancestors, claims, copies, enteredAncestors, ledger, models } from '../../db/schema'
import { divideDown } from '../../money/split'
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
      const kind = payer === contracts.usageLedger ? 'usage' : 'payment'
      const source = copyId ? ({ kind: 'copy', copyId } as const) : ({ kind } as const)
      return bookPayment(db, log, { modelId, amount, rest: amount - protocolCut - proverCut - minterCut, source })
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

type Source = { kind: 'copy'; copyId: CopyId } | { kind: 'usage' | 'payment' }
type Payment = { modelId: ModelId; amount: bigint; rest: bigint; source: Source }

/** Books a payment: ancestors and shareholders divide `rest`. The ledger’s rows are their parts, rounded down. */
async function bookPayment(db: Db, log: RawLog, { modelId, amount, rest, source }: Payment) {
  const lineage = await db
    .select({ id: ancestors.ancestor, royaltyBps: ancestors.royaltyBps })
    .from(ancestors)
    .where(eq(ancestors.modelId, modelId))
    .orderBy(asc(ancestors.position))
  const entered = await db
    .select({ id: enteredAncestors.ancestor, royaltyBps: enteredAncestors.royaltyBps })
    .from(enteredAncestors)
    .where(eq(enteredAncestors.modelId, modelId))
    .orderBy(asc(enteredAncestors.position))
  const parts = divideDown(rest, lineage, entered)
  const row = { block: log.block, logIndex: log.logIndex, at: log.at, tx: log.tx }
  await db.insert(ledger).values({ ...row, modelId, ...source, amount: parts.shares })
  await addEarned(db, modelId, amount, rest)
  for (const { id, amount: royalty } of [...parts.ancestors, ...parts.entered]) {
    await db.insert(ledger).values({ ...row, modelId: id, kind: 'royalty', descendant: modelId, amount: royalty })
    await addEarned(db, id, royalty, 0n)
  }
}

async function addEarned(db: Db, modelId: ModelId, earned: bigint, income: bigint) {
  await db
    .update(models)
    .set({
      earned: sql`${models.earned} + ${earned.toString()}`,
      income: sql`${models.income} + ${income.toString()}`,
    })
    .where(eq(models.id, modelId))
}
