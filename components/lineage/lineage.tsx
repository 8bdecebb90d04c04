import Link from 'next/link'
import { Table } from '@/components/ui/table'
import { Amount } from '@/components/values/amount'
import type { ModelId } from '@/lib/chain/ids'
import { formatBps } from '@/lib/format/odds'
import type { Lineage as Family } from '@/lib/market/read/views'
import { FamilyTree } from './family-tree'

/** The family tree as a graph and as a table. */
export function Lineage({ lineage }: { lineage: Family }) {
  if (lineage.edges.length === 0)
    return (
      <p className="text-sm text-muted">
        This model has no parents or children yet. Models derived from it appear here, with the royalty they owe.
      </p>
    )
  const nameOf = new Map(lineage.nodes.map((node) => [node.id, node.name]))
  const link = (id: ModelId) => (
    <Link href={`/models/${id}`} className="font-medium underline-offset-4 hover:underline">
      {nameOf.get(id) ?? `Model ${id}`}
    </Link>
  )
  return (
    <div className="space-y-6">
      <FamilyTree lineage={lineage} />
      <Table
        label="Royalties in this family"
        head={
          <>
            <th scope="col">Child</th>
            <th scope="col">Relation</th>
            <th scope="col">Parent</th>
            <th scope="col" className="text-right">
              Royalty
            </th>
            <th scope="col" className="text-right">
              Paid
            </th>
          </>
        }
      >
        {lineage.edges.map((edge) => (
          <tr key={`${edge.child}-${edge.parent}`}>
            <td>{link(edge.child)}</td>
            <td className="text-muted">{edge.relation}</td>
            <td>{link(edge.parent)}</td>
            <td className="text-right tabular-nums">{formatBps(edge.royaltyBps)}</td>
            <td className="text-right">
              <Amount value={edge.paid} />
            </td>
          </tr>
        ))}
      </Table>
    </div>
  )
}
