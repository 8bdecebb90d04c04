import { EmptyState } from '@/components/brand/empty-state'
import { Whorl } from '@/components/brand/whorl'
import { ButtonLink } from '@/components/ui/button-link'
import { Link } from '@/components/ui/link'
import { Amount } from '@/components/values/amount'
import { Name } from '@/components/values/name'
import { Time } from '@/components/values/time'
import type { CopyView } from '@/lib/market/read/views'
import { StateBadge } from './state-badge'

export function CopyList({ copies }: { copies: CopyView[] }) {
  if (copies.length === 0)
    return (
      <EmptyState title="No copies yet" action={<ButtonLink href="/">Explore models</ButtonLink>}>
        A copy is a full set of weights with your own fingerprint. Buy one to download and run it.
      </EmptyState>
    )
  return (
    <ul className="divide-y overflow-hidden rounded-xl border bg-surface shadow-card">
      {copies.map((copy) => (
        <li key={copy.id} className="relative flex flex-wrap items-center gap-x-4 gap-y-2 p-4 hover:bg-sunken sm:px-5">
          <Whorl seed={`copy ${copy.id} of ${copy.model.id}`} className="size-11 shrink-0 text-accent" />
          <div className="min-w-0 flex-1 basis-48">
            <h2 className="font-medium">
              <Link href={`/copies/${copy.id}`} className="after:absolute after:inset-0">
                <Name>{copy.model.name}</Name> <span className="text-muted">· copy {copy.id}</span>
              </Link>
            </h2>
            <p className="text-sm text-muted">
              Version {copy.version}, ordered <Time at={copy.orderedAt} />
            </p>
          </div>
          <StateBadge copy={copy} />
          <p className="basis-full pl-15 text-sm sm:basis-auto sm:pl-0 sm:text-right">
            <Amount value={copy.price} />
            <span className="block text-xs text-muted">
              + <Amount value={copy.collateral} unit={false} /> collateral
            </span>
          </p>
        </li>
      ))}
    </ul>
  )
}
