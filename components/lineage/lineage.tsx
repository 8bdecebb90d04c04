import { Link } from '@/components/ui/link'
import { Column, Table } from '@/components/ui/table'
import { Amount } from '@/components/values/amount'
import { Figure } from '@/components/values/figure'
import { Name } from '@/components/values/name'
import type { ModelId } from '@/lib/chain/ids'
import type { Lineage as Family } from '@/lib/market/read/views'
import { FamilyTreeTab } from './family-tree-tab'

/** The family tree as a graph, and its royalties as a table. */
export function Lineage({ lineage }: { lineage: Family }) {
  if (lineage.edges.length === 0)
    return (
      <p className="text-sm text-muted">
        This model has no parents or children yet. Models derived from it appear here, with the royalty they owe.
      </p>
    )
  const nameOf = new Map(lineage.nodes.map((node) => [node.id, node.name]))
  const relationOf = (child: ModelId, parent: ModelId) =>
    lineage.edges.find((edge) => edge.child === child && edge.parent === parent)?.relation
  const link = (id: ModelId) => (
    <Link href={`/models/${id}`} className="font-medium underline-offset-4 hover:underline">
      <Name>{nameOf.get(id) ?? `Model ${id}`}</Name>
    </Link>
  )
  return (
    <div className="space-y-6">
      <FamilyTreeTab lineage={lineage} />
      {lineage.royalties.length > 0 && (
        <Table
          label="Royalties in this family"
          head={
            <>
              <Column>Model</Column>
              <Column>Ancestor</Column>
              <Column>Relation</Column>
              <Column number>Royalty</Column>
              <Column number>Paid</Column>
            </>
          }
        >
          {lineage.royalties.map(({ ancestor, descendant, royaltyBps, paid }) => (
            <tr key={`${descendant}-${ancestor}`}>
              <td className="min-w-40">{link(descendant)}</td>
              <td className="min-w-40">{link(ancestor)}</td>
              <td className="text-muted">{relationOf(descendant, ancestor) ?? 'ancestor of a parent'}</td>
              <td className="text-right tabular-nums">
                <Figure bps={royaltyBps} />
              </td>
              <td className="text-right">
                <Amount value={paid} />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </div>
  )
}
