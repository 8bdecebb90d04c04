import { type CopyId, toCopyId, toModelId } from '../../chain/ids'
import { refusalReasons } from '../../chain/states'
import { copies, models } from '../../db/schema'
import type { EventOf, RawLog } from '../decode'
import type { Rows } from '../rows'

type Copy = typeof copies.$inferSelect

/** What an order does not say. */
const undelivered = {
  state: 'ordered',
  lost: false,
  acceptDeadline: null,
  reason: null,
  evidence: null,
  redelivered: false,
  answerDeadline: null,
  thawEndsAt: null,
  artifactRoot: null,
  fingerprintRoot: null,
  responsesRoot: null,
  ciphertextHash: null,
  sealedKey: null,
  url: null,
  acceptTx: null,
} as const

/** CopyRegistry: orders and the states of copies. */
export function handleCopies(event: EventOf<'copies'>, log: RawLog, rows: Rows): void {
  const update = (id: bigint, change: Partial<Copy>) => rows.update(copies, { id: toCopyId(id) }, change)
  switch (event.eventName) {
    case 'Ordered': {
      const { id, modelId, deliverDeadline, termsHash: _, ...order } = event.args
      return rows.insert(copies, {
        ...undelivered,
        ...order,
        id: toCopyId(id),
        modelId: toModelId(modelId),
        deliverDeadline: Number(deliverDeadline),
        orderedAt: log.at,
        orderTx: log.tx,
      })
    }
    case 'Delivered': {
      const { id, acceptDeadline, ...delivery } = event.args
      const copyId = toCopyId(id)
      const redelivered = (rows.get(copies, { id: copyId })?.reason ?? null) !== null
      return update(id, {
        ...delivery,
        id: copyId,
        state: 'delivered',
        acceptDeadline: Number(acceptDeadline),
        redelivered,
        reason: null,
        evidence: null,
        answerDeadline: null,
      })
    }
    case 'DeliveryRefused': {
      const { id, reason, evidence, answerDeadline } = event.args
      const named = refusalReasons[reason]
      if (named === 'none') return
      return update(id, { state: 'refused', reason: named, evidence, answerDeadline: Number(answerDeadline) })
    }
    case 'DeliveryDefended':
      return update(event.args.id, { state: 'defended', answerDeadline: Number(event.args.caseDeadline) })
    case 'DeliveryContested':
      return update(event.args.id, { state: 'contested', answerDeadline: null })
    case 'Accepted':
      return accept(rows, toCopyId(event.args.id), log)
    case 'Refunded':
      return update(event.args.id, { state: 'refunded', collateral: event.args.left, thawEndsAt: log.at })
    case 'Closing':
      return update(event.args.id, { state: 'closing', thawEndsAt: Number(event.args.thawEndsAt) })
    case 'Closed':
      return update(event.args.id, { state: 'closed' })
    case 'CollateralReturned':
      return update(event.args.id, { collateral: event.args.left })
    case 'CollateralAdded':
      return update(event.args.id, { collateral: event.args.collateral })
    case 'FeesCovered':
      return update(event.args.id, { collateral: event.args.left })
    case 'Slashed': {
      const { id, left } = event.args
      return update(id, { collateral: left, ...(left === 0n && { lost: true }) })
    }
  }
}

function accept(rows: Rows, id: CopyId, log: RawLog): void {
  rows.update(copies, { id }, { state: 'active', acceptTx: log.tx })
  const copy = rows.get(copies, { id })
  const model = copy && rows.get(models, { id: copy.modelId })
  if (copy) rows.unpaid.push({ tx: log.tx, modelId: copy.modelId, copyId: id })
  if (model) rows.update(models, { id: model.id }, { copiesSold: model.copiesSold + 1 })
}
