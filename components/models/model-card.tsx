import { Whorl } from '@/components/brand/whorl'
import { Badge } from '@/components/ui/badge'
import { Link } from '@/components/ui/link'
import { Amount } from '@/components/values/amount'
import { Figure } from '@/components/values/figure'
import { Name } from '@/components/values/name'
import { shortAddress } from '@/lib/format/addresses'
import type { ModelSummary } from '@/lib/market/read/views'

export function ModelCard({ model }: { model: ModelSummary }) {
  return (
    <article className="group relative flex h-full flex-col rounded-xl border bg-surface p-5 shadow-card transition-colors hover:border-border-strong">
      <div className="flex items-start gap-3">
        <Whorl seed={`model ${model.id}`} className="size-11 shrink-0 text-accent" />
        <div className="min-w-0">
          <h2 className="truncate font-semibold tracking-tight">
            <Link href={`/models/${model.id}`} className="after:absolute after:inset-0 after:rounded-xl">
              <Name>{model.name}</Name>
            </Link>
          </h2>
          <p className="truncate text-sm text-muted">
            by <span className="font-mono text-[0.92em]">{shortAddress(model.creator)}</span>
          </p>
        </div>
      </div>
      <p className="mt-3 line-clamp-3 text-sm text-pretty wrap-anywhere text-muted">{model.summary}</p>
      <div className="mt-3 flex flex-wrap gap-1.5">
        <Badge>
          <Figure count={model.parameters} /> parameters
        </Badge>
        <Badge>{model.family}</Badge>
        {model.licence && <Badge>{model.licence}</Badge>}
        {model.parents.length > 0 && <Badge tone="accent">derived</Badge>}
        {model.retired && <Badge tone="warning">retired</Badge>}
      </div>
      <div className="mt-auto flex items-end justify-between gap-4 pt-5">
        <div>
          <Amount value={model.terms.price} className="text-lg font-semibold" />
          <p className="text-xs text-muted">
            + <Amount value={model.terms.collateral} unit={false} /> collateral
          </p>
        </div>
        <p className="text-right text-xs text-muted">
          {model.copiesSold} {model.copiesSold === 1 ? 'copy' : 'copies'} sold
          <br />
          <Amount value={model.earned} /> earned
        </p>
      </div>
    </article>
  )
}
