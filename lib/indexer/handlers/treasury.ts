import { type CopyId, type ModelId, toModelId } from '../../chain/ids'
import { ancestors, claims, enteredAncestors, ledger, models } from '../../db/schema'
import { divideDown } from '../../money/split'
import type { Contracts, EventOf, RawLog } from '../decode'
import type { Rows } from '../rows'
import { trendAfter } from '../trend'

/** Treasury: payments, royalties and claims. */
export function handleTreasury(event: EventOf<'treasury'>, log: RawLog, rows: Rows, contracts: Contracts): void {
  switch (event.eventName) {
    case 'Paid': {
      const { id, payer, amount, protocolCut, proverCut, minterCut } = event.args
      const modelId = toModelId(id)
      const copyId = payer === contracts.copyRegistry ? takeUnpaid(rows, log, modelId) : null
      const kind = payer === contracts.usageLedger ? 'usage' : 'payment'
      const source = copyId ? ({ kind: 'copy', copyId } as const) : ({ kind, copyId: null } as const)
      bookPayment(rows, log, { modelId, amount, rest: amount - protocolCut - proverCut - minterCut, source })
      return
    }
    case 'Claimed': {
      const { id, account, amount } = event.args
      const modelId = toModelId(id)
      const claimed = rows.get(claims, { modelId, account })?.amount ?? 0n
      rows.put(claims, { modelId, account, amount: claimed + amount })
      return
    }
  }
}

/** The copy that this payment is for. The registry emits `Accepted` before `Paid`, so it is the transaction’s newest accepted copy without a payment. */
function takeUnpaid({ unpaid }: Rows, { tx }: RawLog, modelId: ModelId): CopyId | null {
  const at = unpaid.findLastIndex((copy) => copy.tx === tx && copy.modelId === modelId)
  return at < 0 ? null : unpaid.splice(at, 1)[0].copyId
}

type Source = { kind: 'copy'; copyId: CopyId } | { kind: 'usage' | 'payment'; copyId: null }
type Payment = { modelId: ModelId; amount: bigint; rest: bigint; source: Source }

/** Books a payment: ancestors and shareholders divide `rest`. The ledger’s rows are their parts, rounded down. */
function bookPayment(rows: Rows, log: RawLog, { modelId, amount, rest, source }: Payment): void {
  const parts = divideDown(rest, partsOf(rows, ancestors, modelId), partsOf(rows, enteredAncestors, modelId))
  const row = { block: log.block, logIndex: log.logIndex, at: log.at, tx: log.tx }
  rows.add(ledger, { ...row, modelId, ...source, descendant: null, amount: parts.shares })
  const paid = rows.get(models, { id: modelId })
  if (paid)
    rows.update(models, { id: modelId }, { income: paid.income + rest, trend: trendAfter(paid.trend, amount, log.at) })
  addEarned(rows, modelId, amount)
  for (const { id, amount: royalty } of [...parts.ancestors, ...parts.entered]) {
    rows.add(ledger, { ...row, modelId: id, kind: 'royalty', copyId: null, descendant: modelId, amount: royalty })
    addEarned(rows, id, royalty)
  }
}

function partsOf(rows: Rows, table: typeof ancestors | typeof enteredAncestors, modelId: ModelId) {
  return rows
    .group(table, { modelId })
    .sort((a, b) => a.position - b.position)
    .map(({ ancestor, royaltyBps }) => ({ id: ancestor, royaltyBps }))
}

function addEarned(rows: Rows, id: ModelId, amount: bigint): void {
  const model = rows.get(models, { id })
  if (model) rows.update(models, { id }, { earned: model.earned + amount })
}
