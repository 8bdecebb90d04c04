import 'server-only'
import type { WebhookEventType } from '../../../api/webhooks'
import type { CopyEvent } from '../../../chain/states'
import type { copyEvents } from '../../../db/schema'
import type { Happened, Tell } from './happened'
import type { Subjects } from './subjects'

const types = {
  ordered: 'order.placed',
  delivered: 'delivery.made',
  accepted: 'delivery.accepted',
  refused: 'delivery.refused',
  defended: 'delivery.defended',
  contested: 'delivery.contested',
  ruled: 'delivery.ruled',
  refunded: 'order.refunded',
  closing: 'copy.closing',
  closed: 'copy.closed',
  slashed: 'copy.slashed',
} as const satisfies Record<CopyEvent, WebhookEventType>

/** The buyer hears of a copy, its minter, and who decides for the model. */
export function aboutCopies(row: typeof copyEvents.$inferSelect, subjects: Subjects, tell: Tell): Happened[] {
  const { event, facts, copyId } = row
  const copy = subjects.copy(copyId)
  if (!copy) return []
  const { buyer, minter, modelId: model, price } = copy
  const data = { copy: copyId, model, buyer, minter, ...(event === 'ordered' && { price: String(price) }), ...facts }
  return [tell(types[event], row, data as never, { accounts: [buyer, minter, ...subjects.controllers(model)] })]
}
