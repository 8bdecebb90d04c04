import { Handle, type NodeProps, Position } from '@xyflow/react'
import { Whorl } from '@/components/brand/whorl'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import { Amount } from '@/components/values/amount'
import type { LineageNode } from '@/lib/market/read/views'

export function FamilyNode({ data }: NodeProps) {
  const node = data as LineageNode
  return (
    <div
      className={cn(
        'flex h-full items-center gap-2.5 rounded-lg border bg-surface px-3 shadow-card',
        node.current && 'border-accent outline-1 outline-accent',
      )}
    >
      <Handle type="target" position={Position.Top} className="invisible" />
      <Whorl seed={`model ${node.id}`} rings={5} className="size-9 shrink-0 text-accent" />
      <div className="min-w-0">
        <Link
          href={`/models/${node.id}`}
          aria-current={node.current ? 'page' : undefined}
          className="block truncate text-sm font-medium hover:underline"
        >
          {node.name}
        </Link>
        <p className="truncate text-xs tabular-nums text-muted">
          <Amount value={node.earned} />
        </p>
      </div>
      <Handle type="source" position={Position.Bottom} className="invisible" />
    </div>
  )
}
