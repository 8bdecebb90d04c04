import { EmptyState } from '@/components/brand/empty-state'
import { Badge } from '@/components/ui/badge'
import { ButtonLink } from '@/components/ui/button-link'
import { Column, NumberCell, Table } from '@/components/ui/table'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import { Time } from '@/components/values/time'
import { formatRate } from '@/lib/format/numbers'
import type { HostView } from '@/lib/market/read/views'

/** Who serves copies of a model. */
export function HostTable({ hosts }: { hosts: HostView[] }) {
  if (hosts.length === 0)
    return (
      <EmptyState
        title="Nobody serves this model yet"
        action={
          <ButtonLink href="/hosting" variant="secondary">
            Start hosting
          </ButtonLink>
        }
      >
        Whoever has a copy may serve it, and is paid for every answer.
      </EmptyState>
    )
  return (
    <>
      <Table
        label="Hosts"
        head={
          <>
            <Column>Host</Column>
            <Column number>Price of a million tokens</Column>
            <Column>Precision</Column>
            <Column number>First token</Column>
            <Column number>Tokens a second</Column>
            <Column>Last check</Column>
            <Column number>Uptime</Column>
            <Column>Challenges</Column>
          </>
        }
      >
        {hosts.map((host) => (
          <tr key={`${host.copyId} ${host.number}`}>
            <td>
              <Account address={host.host} label="host’s address" />
              <span className="block text-xs whitespace-nowrap text-muted">
                copy {host.copyId} · {/* The page’s policy lets it call this host, so it is loaded anew. */}
                <a
                  href={`/hosts/${host.copyId}/${host.number}`}
                  className="font-medium text-text underline underline-offset-4"
                  aria-label={`Chat with the host of copy ${host.copyId}`}
                >
                  Chat
                </a>
              </span>
            </td>
            <NumberCell>
              <Amount value={host.price} />
            </NumberCell>
            <td className="whitespace-nowrap">{host.record?.precision ?? <Unknown>not stated</Unknown>}</td>
            <NumberCell>{host.record?.speed ? formatFirst(host.record.speed.firstMs) : <NotMeasured />}</NumberCell>
            <NumberCell>
              {host.record?.speed?.tokensPerSecond ? formatRate(host.record.speed.tokensPerSecond) : <NotMeasured />}
            </NumberCell>
            <td className="whitespace-nowrap">
              <LastCheck host={host} />
            </td>
            <NumberCell>{host.record ? <Uptime {...host.record} /> : <Unknown>not checked yet</Unknown>}</NumberCell>
            <td className="whitespace-nowrap">
              <Challenges {...host.challenges} />
            </td>
          </tr>
        ))}
      </Table>
      <Measurement hosts={hosts} />
    </>
  )
}

/** Who measured, how, and when. */
export function Measurement({ hosts }: { hosts: HostView[] }) {
  const at = Math.max(...hosts.map(({ record }) => record?.speed?.at ?? 0))
  return (
    <p className="mt-4 text-xs text-muted">
      This market’s prober looks at each host once a minute, and asks it a paid question of 48 tokens every ten minutes
      {at > 0 && (
        <>
          , last on <Time at={at} precise />
        </>
      )}
      . Tokens a second are those of the whole small answer. The distance to the prober counts in. Uptime is of the last
      seven days. The precision is what the host says.
    </p>
  )
}

function LastCheck({ host: { record } }: { host: HostView }) {
  if (!record) return <Unknown>not checked yet</Unknown>
  return (
    <>
      <Badge tone={record.problem ? 'warning' : 'verified'}>{record.problem ? 'no good answer' : 'answers'}</Badge>
      <span className="block text-xs text-muted">
        <Time at={record.checkedAt} precise />
      </span>
    </>
  )
}

export function Uptime({ checks, good }: { checks: number; good: number }) {
  return (
    <>
      {/* Rounded down: 99.9 % is not 100 %. */}
      {Math.floor((1000 * good) / checks) / 10} %
      <span className="block text-xs text-muted">
        {good} of {checks}
      </span>
    </>
  )
}

export function Challenges({ open, answered, convicted }: HostView['challenges']) {
  if (open + answered + convicted === 0) return <Unknown>none</Unknown>
  const parts = [convicted && `${convicted} lost`, open && `${open} open`, answered && `${answered} answered`]
  return (
    <Badge tone={convicted > 0 ? 'danger' : open > 0 ? 'warning' : 'plain'}>{parts.filter(Boolean).join(', ')}</Badge>
  )
}

const NotMeasured = () => <Unknown>not measured yet</Unknown>

function Unknown({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>
}

/** 412.3 → “412 ms”, 1500 → “1.5 s”. */
export function formatFirst(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
