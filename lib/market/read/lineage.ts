import { inArray } from 'drizzle-orm'
import type { Address } from 'viem'
import { edges, models } from '../../db/schema'
import type { Market } from '../context/context'
import { namesOf } from './model-summary'
import type { Lineage } from './views'

type Edge = typeof edges.$inferSelect
const nodeLimit = 300

/** The model's ancestors and descendants, with what each edge has paid. */
export async function lineageOf({ db }: Pick<Market, 'db'>, id: string): Promise<Lineage> {
  const up = await walk({ db }, id, 'child', 'parent')
  const down = await walk({ db }, id, 'parent', 'child')
  const found = [...up, ...down]
  const ids = [...new Set([id, ...found.flatMap(({ child, parent }) => [child, parent])])]
  const rows = await db.select().from(models).where(inArray(models.id, ids))
  const nameOf = await namesOf({ db }, ids)
  const income = new Map(rows.map((row) => [row.id, row.income]))
  return {
    nodes: rows.map(({ id: node, owner, earned, retired }) => ({
      id: node,
      name: nameOf(node),
      owner: owner as Address,
      earned,
      retired,
      current: node === id,
    })),
    edges: found.map(({ parent, child, relation, royaltyBps }) => {
      const paid = ((income.get(child) ?? 0n) * BigInt(royaltyBps)) / 10_000n
      return { parent, child, relation, royaltyBps, paid }
    }),
  }
}

/** Every edge reached from `id` in one direction, nearest first. */
export async function walk(
  { db }: Pick<Market, 'db'>,
  id: string,
  from: 'child' | 'parent',
  to: 'child' | 'parent',
): Promise<Edge[]> {
  const reached: Edge[] = []
  const seen = new Set([id])
  let frontier = [id]
  while (frontier.length > 0 && seen.size < nodeLimit) {
    const next = await db.select().from(edges).where(inArray(edges[from], frontier))
    reached.push(...next)
    frontier = [...new Set(next.map((edge) => edge[to]))].filter((node) => !seen.has(node))
    for (const node of frontier) seen.add(node)
  }
  return reached
}
