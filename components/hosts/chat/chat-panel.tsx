'use client'

import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { Skeleton } from '@/components/ui/page'
import { useChain } from '@/components/wallet/chain'
import { useSession } from '@/components/wallet/session'
import { loadPart } from '@/lib/browser/load-part'
import { messageOf } from '@/lib/error'
import type { HostView } from '@/lib/market/read/views'
import { Conversation } from './conversation'
import { LeaveSession } from './leave-session'
import { OpenSession } from './open-session'
import type { SessionPlace } from './stored-session'

/** Chat with one host for who has signed in, paid for each answer out of what was reserved. */
export function ChatPanel({ host }: { host: HostView }) {
  const user = useSession() as `0x${string}`
  const chain = useChain()
  const { userLedger } = chain.contracts
  const place: SessionPlace = useMemo(
    () => ({ chainId: chain.chainId, userLedger, copyId: host.copyId, user }),
    [chain.chainId, userLedger, host.copyId, user],
  )
  const money = useQuery({
    queryKey: ['chat money', host.copyId, user],
    queryFn: async () => {
      const { readMoney } = await loadPart(import('./read-money'))
      return readMoney(chain, place)
    },
    refetchInterval: 10_000,
  })
  if (money.error && !money.data) return <Callout tone="danger">{messageOf(money.error)}</Callout>
  if (!money.data) return <Skeleton className="h-48" />
  const shared = { host, place, money: money.data, onChange: money.refetch }
  return (
    <div className="space-y-6">
      {money.data.open ? (
        <Conversation {...shared} />
      ) : (
        <Panel title="Chat">
          <OpenSession {...shared} />
        </Panel>
      )}
      <LeaveSession {...shared} />
    </div>
  )
}
