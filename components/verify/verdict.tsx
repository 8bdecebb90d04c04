'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { copyQueryOptions } from '@/components/copies/copy-query-options'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { Link } from '@/components/ui/link'
import { Fingerprint, UserRoundSearch } from '@/components/ui/page-icons'
import { Account } from '@/components/values/account'
import { visitorsCopyId } from '@/lib/chain/ids'
import type { Accusation } from '@/lib/fingerprint/trace'
import { formatOdds } from '@/lib/format/odds'

type Named = Pick<Accusation, 'copyId' | 'falseAccusation'>

/** The frame of a verdict. A positive one finds a copy. */
export function Verdict({ title, positive, children }: { title: string; positive: boolean; children: ReactNode }) {
  return (
    <Card
      aria-label="Verdict"
      className={cn('overflow-hidden border-l-4', positive ? 'border-l-verified' : 'border-l-border-strong')}
    >
      <div className="space-y-4 p-5 sm:p-6" role="status">
        <h2 className="flex items-center gap-2 text-xl font-semibold tracking-tight">
          <Fingerprint className={cn('size-6 shrink-0', positive ? 'text-verified' : 'text-muted')} />
          {title}
        </h2>
        {children}
      </div>
    </Card>
  )
}

/** The copies that a verdict names, with their buyers. */
export function Accused({ accused }: { accused: readonly Named[] }) {
  if (accused.length === 0)
    return (
      <p className="flex items-start gap-2 text-sm">
        <UserRoundSearch className="mt-0.5 size-4 shrink-0 text-muted" />
        <span>
          <strong>No copy</strong> can be named: none stands out.
        </span>
      </p>
    )
  return (
    <ul aria-label="Traced copies" className="space-y-2">
      {accused.map((each) => (
        <TracedCopy key={each.copyId} {...each} />
      ))}
    </ul>
  )
}

function TracedCopy({ copyId, falseAccusation }: Named) {
  return (
    <li className="flex items-start gap-2 text-sm">
      <UserRoundSearch className="mt-0.5 size-4 shrink-0 text-accent" />
      <span>
        Traced to{' '}
        {copyId === visitorsCopyId ? (
          <strong>the copy that visitors load</strong>
        ) : (
          <>
            <Link href={`/copies/${copyId}`} className="font-semibold underline underline-offset-4">
              copy {copyId}
            </Link>
            <Buyer copyId={copyId} />
          </>
        )}
        . The chance of naming an innocent copy is at most {formatOdds(falseAccusation)}.
      </span>
    </li>
  )
}

function Buyer({ copyId }: { copyId: string }) {
  const { data } = useQuery(copyQueryOptions(copyId))
  return (
    data && (
      <>
        , bought by <Account address={data.buyer} label="buyer’s address" />
      </>
    )
  )
}
