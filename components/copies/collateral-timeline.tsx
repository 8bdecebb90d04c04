import type { ReactNode } from 'react'
import { cn } from '@/components/ui/cn'
import { Amount } from '@/components/values/amount'
import { Time } from '@/components/values/time'
import type { CopyView } from '@/lib/market/read/views'

type Event = { name: ReactNode; at?: number | null; done: boolean }

/** The stages of the collateral, from the order to its return. */
export function CollateralTimeline({ copy }: { copy: CopyView }) {
  const past = (...states: CopyView['state'][]) => states.includes(copy.state)
  const delivered = past('delivered', 'active', 'closing', 'closed')
  const events: Event[] =
    copy.state === 'slashed'
      ? [
          { name: 'Locked with the order', at: copy.orderedAt, done: true },
          { name: 'Lost: taken for a proven offence, or for fees that were owed', done: true },
        ]
      : copy.state === 'refunded'
        ? [
            { name: 'Locked with the order', at: copy.orderedAt, done: true },
            { name: 'Not delivered in time: price and collateral refunded', done: true },
          ]
        : [
            { name: 'Locked with the order', at: copy.orderedAt, done: true },
            {
              name: delivered ? 'Delivered' : 'Delivery due, or a full refund',
              at: delivered ? null : copy.deliverDeadline,
              done: delivered,
            },
            {
              name: past('ordered', 'delivered') ? 'Acceptance due' : 'Accepted',
              at: past('ordered', 'delivered') ? copy.acceptDeadline : null,
              done: past('active', 'closing', 'closed'),
            },
            {
              name: past('closing', 'closed') ? 'Closed; thawing period ends' : 'Closed when you are done',
              at: copy.thawEndsAt,
              done: past('closing', 'closed'),
            },
            { name: 'Collateral returned', done: past('closed') },
          ]
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
