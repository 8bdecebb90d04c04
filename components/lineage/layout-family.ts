import { Graph, layout } from '@dagrejs/dagre'
import type { Lineage } from '@/lib/market/read/views'

export const nodeSize = { width: 212, height: 68 }

/** The top-left corner of each model by its id, in pixels; parents are above their children. */
export function layoutFamily(lineage: Lineage): Map<string, { x: number; y: number }> {
  const graph = new Graph()
  graph.setGraph({ rankdir: 'TB', ranksep: 84, nodesep: 40 })
  graph.setDefaultEdgeLabel(() => ({}))
  for (const node of lineage.nodes) graph.setNode(node.id, { ...nodeSize })
  for (const edge of lineage.edges) graph.setEdge(edge.parent, edge.child)
  layout(graph)
  return new Map(
    lineage.nodes.map(({ id }) => {
      const { x, y } = graph.node(id)
      return [id, { x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 }]
    }),
  )
}
