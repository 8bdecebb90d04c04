'use client'

import '@xyflow/react/dist/base.css'
import { Controls, type Edge, type Node, ReactFlow, type ReactFlowInstance } from '@xyflow/react'
import { useEffect, useMemo, useState } from 'react'
import type { Lineage } from '@/lib/market/read/views'
import { FamilyEdge } from './family-edge'
import { FamilyNode } from './family-node'
import { layoutFamily, nodeSize } from './layout-family'

const nodeTypes = { model: FamilyNode }
const edgeTypes = { royalty: FamilyEdge }
const fitOptions = { maxZoom: 1, padding: 0.12 }

/** Models and their parents. An edge shows the royalty that the child owes this parent. */
export function FamilyTree({ lineage }: { lineage: Lineage }) {
  const { nodes, edges, height } = useMemo(() => {
    const positions = layoutFamily(lineage)
    const nodes: Node[] = lineage.nodes.map((node) => ({
      id: node.id,
      type: 'model',
      position: positions.get(node.id) ?? { x: 0, y: 0 },
      data: node,
      ...nodeSize,
    }))
    const edges: Edge[] = lineage.edges.map(({ parent, child }) => {
      const royalty = lineage.royalties.find(({ ancestor, descendant }) => ancestor === parent && descendant === child)
      return {
        id: `${parent}-${child}`,
        type: 'royalty',
        source: parent,
        target: child,
        focusable: false,
        data: {
          royaltyBps: royalty?.royaltyBps ?? 0,
          paid: royalty?.paid ?? 0n,
        },
      }
    })
    const depth = Math.max(...nodes.map((node) => node.position.y)) + nodeSize.height
    return { nodes, edges, height: Math.min(560, Math.max(260, depth + 56)) }
  }, [lineage])

  const [flow, setFlow] = useState<ReactFlowInstance | null>(null)
  useEffect(() => {
    const refit = () => flow?.fitView(fitOptions)
    window.addEventListener('resize', refit)
    return () => window.removeEventListener('resize', refit)
  }, [flow])

  return (
    <div className="overflow-hidden rounded-lg border bg-bg" style={{ height }}>
      <ReactFlow
        aria-label="Family tree"
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        minZoom={0.3}
        maxZoom={1.4}
        fitView
        fitViewOptions={fitOptions}
        onInit={setFlow}
        proOptions={{ hideAttribution: true }}
      >
        {lineage.nodes.length > 6 && <Controls showInteractive={false} />}
      </ReactFlow>
    </div>
  )
}
