import 'server-only'
import { and, eq, inArray, or, sql } from 'drizzle-orm'
import type { ModelId } from '../../chain/ids'
import { ancestors, edges, enteredAncestors, ledger, models } from '../../db/schema'
import { partDown } from '../../money/split'
import type { Market } from '../context/context'
import { namesOf } from './model-summary'
import type { Lineage } from './views'

type Db = Pick<Market, 'db'>

type Edge = typeof edges.$inferSelect
const nodeLimit = 300

/** The model's ancestors and descendants, and the royalties that they owe each other and have paid. */
export async function lineageOf({ db }: Pick<Market, 'db'>, id: ModelId): Promise<Lineage> {
  const up = await walk({ db }, id, 'child', 'parent')
  const down = await walk({ db }, id, 'parent', 'child')
  const entries = await enteredAt({ db }, id)
  const found = [
    ...[...up, ...down].map(({ parent, child, relation }) => ({ parent, child, relation })),
    ...entries.map(({ ancestor, descendant }) => ({
      parent: ancestor,
      child: descendant,
      relation: 'entered' as const,
    })),
  ]
  const ids = [...new Set([id, ...found.flatMap(({ child, parent }) => [child, parent])])]
  const rows = await db.select().from(models).where(inArray(models.id, ids))
  const nameOf = await namesOf({ db }, ids)
  const income = new Map(rows.map((row) => [row.id, row.income]))
  const owed = await db
    .select()
    .from(ancestors)
    .where(and(inArray(ancestors.modelId, ids), inArray(ancestors.ancestor, ids)))
  return {
    nodes: rows.map(({ id: node, creator, earned, retired }) => ({
      id: node,
      name: nameOf(node),
      creator,
      earned,
      retired,
      current: node === id,
    })),
    edges: found,
    royalties: [
      ...owed.map(({ modelId, ancestor, royaltyBps }) => {
        const paid = partDown(income.get(modelId) ?? 0n, royaltyBps)
        return { ancestor, descendant: modelId, royaltyBps, paid }
      }),
      ...entries,
    ],
  }
}

/** The entered ancestors of a model, and the models that it was entered into itself, with what was paid since. */
async function enteredAt({ db }: Db, id: ModelId) {
  const isRoyalty = and(
    eq(ledger.kind, 'royalty'),
    eq(ledger.modelId, enteredAncestors.ancestor),
    eq(ledger.descendant, enteredAncestors.modelId),
  )
  return db
    .select({
      ancestor: enteredAncestors.ancestor,
      descendant: enteredAncestors.modelId,
      royaltyBps: enteredAncestors.royaltyBps,
      paid: sql<bigint>`coalesce(sum(${ledger.amount}), 0)`.mapWith(BigInt),
    })
    .from(enteredAncestors)
    .leftJoin(ledger, isRoyalty)
    .where(or(eq(enteredAncestors.modelId, id), eq(enteredAncestors.ancestor, id)))
    .groupBy(enteredAncestors.ancestor, enteredAncestors.modelId, enteredAncestors.royaltyBps)
}

/** The edges reached from `id` in one direction, nearest first, until more than `nodeLimit` models are reached. */
async function walk(
  { db }: Pick<Market, 'db'>,
  id: ModelId,
  from: 'child' | 'parent',
  to: 'child' | 'parent',
): Promise<Edge[]> {
  const reached: Edge[] = []
  const seen = new Set([id])
  let frontier = [id]
  while (frontier.length > 0 && seen.size < nodeLimit) {
    const room = nodeLimit - seen.size
    const next = await db.select().from(edges).where(inArray(edges[from], frontier)).limit(room)
    reached.push(...next)
    frontier = [...new Set(next.map((edge) => edge[to]))].filter((node) => !seen.has(node))
    for (const node of frontier) seen.add(node)
  }
  return reached
}
