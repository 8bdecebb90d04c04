import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getSmoothStepPath } from '@xyflow/react'
import { Amount } from '@/components/values/amount'
import { Figure } from '@/components/values/figure'
import type { Usdc6 } from '@/lib/money/usdc'

export function FamilyEdge({ id, sourceX, sourceY, targetX, targetY, data }: EdgeProps) {
  const [path, x, y] = getSmoothStepPath({ sourceX, sourceY, targetX, targetY, borderRadius: 14 })
  const { royaltyBps, paid } = data as { royaltyBps: number; paid: Usdc6 }
  return (
    <>
      <BaseEdge id={id} path={path} style={{ stroke: 'var(--border-strong)', strokeWidth: 1.5 }} />
      <EdgeLabelRenderer>
        <div
          className="nodrag nopan absolute rounded-md border bg-bg px-2 py-0.5 text-center text-xs leading-tight tabular-nums"
          style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
        >
          <Figure bps={royaltyBps} /> royalty
          <br />
          <span className="text-muted">
            <Amount value={paid} /> paid
          </span>
        </div>
      </EdgeLabelRenderer>
    </>
  )
}
