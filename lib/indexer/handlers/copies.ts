import { type CopyId, toCopyId, toModelId } from '../../chain/ids'
import { type CopyEvent, refusalReasons, rulings } from '../../chain/states'
import { copies, copyEvents, models } from '../../db/schema'
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

/** CopyRegistry: orders, the states of copies, and what happened to them. */
export function handleCopies(event: EventOf<'copies'>, log: RawLog, rows: Rows): void {
  const update = (id: bigint, change: Partial<Copy>) => rows.update(copies, { id: toCopyId(id) }, change)
  const happened = (id: bigint, name: CopyEvent, facts: Record<string, string | number> = {}) => {
    const { block, logIndex, at, tx } = log
    rows.add(copyEvents, { block, logIndex, copyId: toCopyId(id), event: name, facts, at, tx })
  }
  switch (event.eventName) {
    case 'Ordered': {
      const { id, modelId, deliverDeadline, termsHash: _, ...order } = event.args
      happened(id, 'ordered')
      rows.insert(copies, {
        ...undelivered,
        ...order,
        id: toCopyId(id),
        modelId: toModelId(modelId),
        deliverDeadline: Number(deliverDeadline),
        orderedAt: log.at,
        orderTx: log.tx,
      })
      return
    }
    case 'Delivered': {
      const { id, acceptDeadline, ...delivery } = event.args
      const copyId = toCopyId(id)
      happened(id, 'delivered')
      const redelivered = (rows.get(copies, { id: copyId })?.reason ?? null) !== null
      update(id, {
        ...delivery,
        id: copyId,
        state: 'delivered',
        acceptDeadline: Number(acceptDeadline),
        redelivered,
        reason: null,
        evidence: null,
        answerDeadline: null,
      })
      return
    }
    case 'DeliveryRefused': {
      const { id, reason, evidence, answerDeadline } = event.args
      const named = refusalReasons[reason]
      if (named === 'none') return
      happened(id, 'refused', { reason: named, evidence })
      update(id, { state: 'refused', reason: named, evidence, answerDeadline: Number(answerDeadline) })
      return
    }
    case 'DeliveryDefended':
      happened(event.args.id, 'defended')
      update(event.args.id, { state: 'defended', answerDeadline: Number(event.args.caseDeadline) })
      return
    case 'DeliveryContested':
      happened(event.args.id, 'contested')
      update(event.args.id, { state: 'contested', answerDeadline: null })
      return
    case 'DeliveryRuled':
      happened(event.args.id, 'ruled', { ruling: rulings[event.args.ruling] })
      return
    case 'Accepted':
      happened(event.args.id, 'accepted')
      accept(rows, toCopyId(event.args.id), log)
      return
    case 'Refunded':
      happened(event.args.id, 'refunded', { penalty: String(event.args.penalty) })
      update(event.args.id, { state: 'refunded', collateral: event.args.left, thawEndsAt: log.at })
      return
    case 'Closing':
      happened(event.args.id, 'closing')
      update(event.args.id, { state: 'closing', thawEndsAt: Number(event.args.thawEndsAt) })
      return
    case 'Closed':
      happened(event.args.id, 'closed')
      update(event.args.id, { state: 'closed' })
      return
    case 'CollateralReturned':
      update(event.args.id, { collateral: event.args.left })
      return
    case 'CollateralAdded':
      update(event.args.id, { collateral: event.args.collateral })
      return
    case 'FeesCovered':
      update(event.args.id, { collateral: event.args.left })
      return
    case 'Slashed': {
      const { id, taken, left } = event.args
      happened(id, 'slashed', { taken: String(taken), left: String(left) })
      update(id, { collateral: left, ...(left === 0n && { lost: true }) })
      return
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
