'use client'

import { useQuery } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { type ReactNode, useEffect, useRef } from 'react'
import { Whorl } from '@/components/brand/whorl'
import { Panel } from '@/components/ui/card'
import { Link } from '@/components/ui/link'
import { Page } from '@/components/ui/page'
import { Account } from '@/components/values/account'
import { Name } from '@/components/values/name'
import { Time } from '@/components/values/time'
import { ConnectButton } from '@/components/wallet/connect-button'
import { useSession } from '@/components/wallet/session'
import { arrivedFromWithin, focusIfLost } from '@/lib/browser/focus-news'
import { isSameAddress } from '@/lib/format/addresses'
import type { CopyView } from '@/lib/market/read/views'
import { CollateralTimeline } from './collateral-timeline'
import { CopyActions } from './copy-actions'
import { copyQueryOptions } from './copy-query-options'
import { MintStages } from './mint-stages'
import { RefusalPanel } from './refusal-panel'
import { StateBadge } from './state-badge'

const Download = dynamic(() => import('./download').then(({ Download }) => Download))
const Quality = dynamic(() => import('./quality').then(({ Quality }) => Quality))

export function CopyPage({ initial, children }: { initial: CopyView; children?: ReactNode }) {
  const account = useSession()
  const { data: copy = initial } = useQuery({ ...copyQueryOptions(initial.id), placeholderData: initial })
  const isBuyer = account !== null && isSameAddress(account, copy.buyer)
  const isMinted = copy.state !== 'ordered' && copy.state !== 'refunded'
  return (
    <Page>
      <Title copy={copy} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-6">
          {copy.state === 'ordered' && <MintStages progress={copy.progress} />}
          <RefusalPanel copy={copy} isBuyer={isBuyer} />
          {isMinted && !isBuyer && (
            <Panel title="Files">
              <p className="mb-4 text-sm text-muted">
                Only the buyer can download this copy and see its quality report.
              </p>
              {!account && <ConnectButton />}
            </Panel>
          )}
          {isMinted && isBuyer && copy.files.length > 0 && <Download copy={copy} />}
          {isBuyer && copy.report && <Quality copy={copy} report={copy.report} />}
          {isMinted && children}
        </div>
        <div className="space-y-6">
          <Panel title="Collateral">
            <CollateralTimeline copy={copy} />
            <CopyActions copy={copy} isBuyer={isBuyer} />
          </Panel>
        </div>
      </div>
    </Page>
  )
}

function Title({ copy }: { copy: CopyView }) {
  const state = useRef<HTMLParagraphElement>(null)
  const shown = useRef(copy.state)
  // The button that led here, or that changed the state, is gone by now: the news is here.
  useEffect(() => {
    if (shown.current !== copy.state || arrivedFromWithin()) focusIfLost(state.current)
    shown.current = copy.state
  }, [copy.state])
  return (
    <div className="mb-7 flex items-start gap-4">
      <Whorl seed={`copy ${copy.id} of ${copy.model.id}`} className="size-14 shrink-0 text-accent sm:size-16" />
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold tracking-tight sm:text-3xl">
          Copy {copy.id} of{' '}
          <Link href={`/models/${copy.model.id}`} className="underline-offset-4 hover:underline">
            <Name>{copy.model.name}</Name>
          </Link>
        </h1>
        <p className="mt-1 flex flex-wrap items-center gap-x-1.5 text-sm text-muted">
          Version {copy.version}, bought by <Account address={copy.buyer} label="buyer’s address" />{' '}
          <Time at={copy.orderedAt} precise />
        </p>
        <p ref={state} className="mt-3 w-fit" role="status" aria-label="State" tabIndex={-1}>
          <StateBadge copy={copy} />
        </p>
      </div>
    </div>
  )
}
