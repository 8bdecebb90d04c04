import 'server-only'
import type { ledger } from '../../../db/schema'
import type { Happened, Tell } from './happened'

/** Holders of a model’s shares hear of what they earned. */
export function aboutPayments(row: typeof ledger.$inferSelect, tell: Tell): Happened {
  const { modelId: model, kind, copyId: copy, descendant, amount } = row
  const data = { model, kind, copy, descendant, amount: String(amount) }
  return tell('payment.received', row, data, { accounts: [], holdersOf: model }, model)
}
