import 'server-only'
import { market } from '../context/context'
import { describedModels, lineagesOf, parentsOf, summaryOf } from './model-summary'
import type { ModelQuery, ModelSummary } from './views'

/** Models that are on sale and match the query. */
export async function listModels(query: ModelQuery): Promise<ModelSummary[]> {
  const ctx = await market()
  const described = await describedModels(ctx)
  const ids = described.map(({ model }) => model.id)
  const parents = await parentsOf(ctx, ids)
  const lineages = await lineagesOf(ctx, ids)
  return described
    .filter(({ model }) => !model.retired)
    .map((found) => {
      const { id } = found.model
      return summaryOf(found, { parents: parents.get(id) ?? [], lineage: lineages.get(id) ?? [] })
    })
    .filter((model) => matches(model, query))
    .sort(orders[query.sort ?? 'new'])
}

type Order = (a: ModelSummary, b: ModelSummary) => number
const ascending = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0)
const newest: Order = (a, b) => b.registeredAt - a.registeredAt || ascending(BigInt(b.id), BigInt(a.id))
const orders: Record<NonNullable<ModelQuery['sort']>, Order> = {
  new: newest,
  earned: (a, b) => ascending(b.earned, a.earned) || newest(a, b),
  price: (a, b) => ascending(a.terms.price, b.terms.price) || newest(a, b),
}

function matches(model: ModelSummary, { search, licence, family }: ModelQuery): boolean {
  if (licence && model.licence !== licence) return false
  if (family && model.family !== family) return false
  const text = [model.name, model.summary, model.creator, ...model.tags].join('\n').toLowerCase()
  return (search ?? '')
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}
