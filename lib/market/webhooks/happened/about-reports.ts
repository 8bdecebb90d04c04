import 'server-only'
import type { reports } from '../../../db/schema'
import type { Happened, Tell } from './happened'
import type { Subjects } from './subjects'

/** The copy’s host hears of a report, and who decides for the model. */
export function aboutReports(row: typeof reports.$inferSelect, subjects: Subjects, tell: Tell): Happened[] {
  const { copyId, epoch, receipts, units, fee, receiptsRoot } = row
  const copy = subjects.copy(copyId)
  if (!copy) return []
  const amounts = { receipts: String(receipts), units: String(units), fee: String(fee) }
  const accounts = [copy.buyer, ...subjects.controllers(copy.modelId)]
  return [tell('report.filed', row, { copy: copyId, epoch, ...amounts, receiptsRoot }, { accounts })]
}
