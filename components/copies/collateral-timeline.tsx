import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { Amount } from '@/components/values/amount'
import { Time } from '@/components/values/time'
import { formatDuration } from '@/lib/format/times'
import type { CopyView } from '@/lib/market/read/views'

type Event = { name: ReactNode; at?: number | null; done: boolean }

/** The stages of the collateral, from the order to its return. */
export function CollateralTimeline({ copy }: { copy: CopyView }) {
  const events = eventsOf(copy)
  return (
    <>
      <p className="mb-4 text-2xl font-semibold">
        <Amount value={copy.collateral} />
      </p>
      <ol className="relative space-y-4 pl-6 text-sm before:absolute before:inset-y-1.5 before:left-[5px] before:w-px before:bg-border">
        {events.map((event, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is fixed
          <li key={i} className={cn('relative', !event.done && 'text-muted')}>
            <span
              aria-hidden="true"
              className={cn(
                'absolute top-1 -left-6 size-[11px] rounded-full border-2',
                event.done ? 'border-accent bg-accent' : 'border-border-strong bg-surface',
              )}
            />
            {event.name}
            {event.at && (
              <span className="block text-xs text-muted">
                <Time at={event.at} precise />
              </span>
            )}
          </li>
        ))}
      </ol>
    </>
  )
}

function eventsOf(copy: CopyView): Event[] {
  const past = (...states: CopyView['state'][]) => states.includes(copy.state)
  const locked: Event = { name: 'Locked with the order', at: copy.orderedAt, done: true }
  if (copy.lost && past('active', 'delivered'))
    return [locked, { name: 'Lost: taken for a proven offence, or for fees that were owed', done: true }]
  const tailEndsAt = copy.thawEndsAt === null ? null : copy.thawEndsAt + copy.leakTail
  const isReturned = past('closed', 'refunded') && copy.collateral === 0n
  const leakName = isReturned
    ? 'Leak bond returned'
    : tailEndsAt
      ? 'Leak bond released until'
      : 'Leak bond released slowly'
  const leak: Event = {
    name: (
      <>
        {leakName}{' '}
        <span className="text-muted">
          (<Amount value={copy.leakBond} unit={false} /> USDC, over {formatDuration(copy.leakTail)})
        </span>
      </>
    ),
    at: tailEndsAt,
    done: isReturned,
  }
  if (past('refunded')) {
    const refunded: Event = {
      name: copy.artifactRoot
        ? 'Delivery refused: price and collateral refunded, except the leak bond'
        : 'Not delivered in time: price and collateral refunded',
      done: true,
    }
    return copy.artifactRoot && copy.leakBond > 0n ? [locked, refunded, leak] : [locked, refunded]
  }
  const delivered = !past('ordered')
  const isRefused = past('refused', 'defended', 'contested')
  return [
    locked,
    {
      name: delivered ? 'Delivered' : 'Delivery due, or a full refund and the penalty',
      at: delivered ? null : copy.deliverDeadline,
      done: delivered,
    },
    ...(isRefused ? [{ name: 'Refused', done: true }] : []),
    {
      name: past('ordered', 'delivered') ? 'Acceptance or refusal due' : isRefused ? 'Decision due' : 'Accepted',
      at: past('ordered', 'delivered') ? copy.acceptDeadline : isRefused ? copy.answerDeadline : null,
      done: past('active', 'closing', 'closed'),
    },
    {
      name: past('closing', 'closed') ? 'Closed; thawing period ends' : 'Closed when you are done',
      at: copy.thawEndsAt,
      done: past('closing', 'closed'),
    },
    { name: 'Collateral returned, except the leak bond', done: past('closed') },
    ...(copy.leakBond > 0n ? [leak] : []),
  ]
}
