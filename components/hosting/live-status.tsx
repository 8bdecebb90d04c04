'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { Fact, Facts } from '@/components/ui/facts'
import { Amount } from '@/components/values/amount'
import { Figure } from '@/components/values/figure'
import { RightNetwork } from '@/components/wallet/right-network'
import { useAccount } from '@/components/wallet/wallet'
import { loadPart } from '@/lib/browser/load-part'
import { KinmarkError, messageOf } from '@/lib/error'
import type { HostView } from '@/lib/market/read/views'
import { amountUp } from '@/lib/payer/account'
import { BarChart } from './bar-chart'

const readMs = 3_000

/** What a gateway does now. Its owner signs once; the gateway answers nobody else. */
export function LiveStatus({ host }: { host: HostView }) {
  const { config } = useAccount()
  const proof = useMutation({
    mutationFn: async () => {
      if (!config) throw new KinmarkError('wallet.not-connected')
      const { signStatus } = await loadPart(import('./read-status'))
      return signStatus(config, host)
    },
  })
  const status = useQuery({
    queryKey: ['gateway status', host.copyId, host.number, proof.data],
    queryFn: async () => {
      const { readStatus } = await loadPart(import('./read-status'))
      return readStatus(host, proof.data as string)
    },
    enabled: proof.data !== undefined,
    refetchInterval: readMs,
    retry: false,
  })
  const error = proof.error ?? status.error
  const { data } = status
  return (
    <Panel title="Live" note="Read from your gateway every three seconds.">
      {!data && (
        <div className="space-y-3">
          <p className="text-sm text-muted">
            Sign a message, which costs nothing, so that your gateway shows this page what it does. It holds for an
            hour.
          </p>
          <RightNetwork>
            <Button busy={proof.isPending || status.isFetching} onClick={() => proof.mutate()}>
              Show what it does
            </Button>
          </RightNetwork>
        </div>
      )}
      {error && (
        <Callout tone="danger" className="mt-3">
          {messageOf(error)}
        </Callout>
      )}
      {data && (
        <div className="space-y-6">
          <div className="grid gap-6 md:grid-cols-2">
            <BarChart
              title="Tokens of each minute"
              total={<Figure count={data.minutes.reduce((sum, { units }) => sum + Number(units), 0)} />}
              bars={data.minutes.map(({ at, units }) => ({
                label: `${clock(at)}: ${units} tokens`,
                value: Number(units),
              }))}
              from="an hour ago"
              to="now"
              empty="No answer in the last hour."
            />
            <BarChart
              title="Money of each minute, before fees"
              total={<Amount value={amountUp(data.minutes.reduce((sum, { cost }) => sum + cost, 0n))} />}
              bars={data.minutes.map(({ at, cost }) => ({ label: clock(at), value: Number(cost) }))}
              from="an hour ago"
              to="now"
              empty="No answer in the last hour."
            />
          </div>
          <Facts>
            <Fact name="Answers now">{data.running}</Fact>
            <Fact name="Tokens of this epoch">
              <Figure count={Number(data.epochUnits)} />
            </Fact>
            <Fact name="Tokens that this epoch may still have">
              <Figure count={Number(data.unitsLeft)} />
            </Fact>
            <Fact name="Users">{data.users}</Fact>
            <Fact name="Charged to them so far">
              <Amount value={amountUp(data.cost)} />
            </Fact>
          </Facts>
        </div>
      )}
    </Panel>
  )
}

const clock = (seconds: number) => new Date(seconds * 1000).toISOString().slice(11, 16)
