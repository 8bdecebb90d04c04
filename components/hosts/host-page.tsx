import { Whorl } from '@/components/brand/whorl'
import { Badge } from '@/components/ui/badge'
import { Callout } from '@/components/ui/callout'
import { Panel } from '@/components/ui/card'
import { CopyText } from '@/components/ui/copy-text'
import { Fact, Facts } from '@/components/ui/facts'
import { Link } from '@/components/ui/link'
import { Page } from '@/components/ui/page'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import { Name } from '@/components/values/name'
import { Time } from '@/components/values/time'
import { formatRate } from '@/lib/format/numbers'
import type { HostView } from '@/lib/market/read/views'
import { ChatTab } from './chat-tab'
import { hostExamples } from './host-examples'
import { Challenges, formatFirst, Measurement, Uptime } from './host-table'

/** One host: chat with it, what was measured of it, and how programs ask it. */
export function HostPage({ host }: { host: HostView }) {
  return (
    <Page>
      <Title host={host} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-6">
          {host.origin ? (
            <ChatTab host={host} />
          ) : (
            <Callout tone="warning">
              This page calls hosts over TLS under a public name only. Programs can ask it as below.
            </Callout>
          )}
          <Reference host={host} />
        </div>
        <Record host={host} />
      </div>
    </Page>
  )
}

function Title({ host: { model, copyId, host } }: { host: HostView }) {
  return (
    <div className="mb-7 flex items-start gap-4">
      <Whorl seed={`copy ${copyId} of ${model.id}`} className="size-14 shrink-0 text-accent sm:size-16" />
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold tracking-tight sm:text-3xl">
          <Link href={`/models/${model.id}`} className="underline-offset-4 hover:underline">
            <Name>{model.name}</Name>
          </Link>{' '}
          from a host
        </h1>
        <p className="mt-1 flex flex-wrap items-center gap-x-1.5 text-sm text-muted">
          Copy {copyId}, served by <Account address={host} label="host’s address" />
        </p>
      </div>
    </div>
  )
}

function Record({ host }: { host: HostView }) {
  const { record, price, url, challenges, openedAt, operator } = host
  const unknown = <span className="text-muted">not measured yet</span>
  return (
    <Panel title="Record">
      <Facts>
        <Fact name="Price of a million tokens" strong>
          <Amount value={price} />
        </Fact>
        <Fact name="Last check">
          {record ? (
            <>
              <Badge tone={record.problem ? 'warning' : 'verified'}>
                {record.problem ? 'no good answer' : 'answers'}
              </Badge>{' '}
              <Time at={record.checkedAt} precise />
            </>
          ) : (
            <span className="text-muted">not checked yet</span>
          )}
        </Fact>
        <Fact name="First token">{record?.speed ? formatFirst(record.speed.firstMs) : unknown}</Fact>
        <Fact name="Tokens a second">
          {record?.speed?.tokensPerSecond ? formatRate(record.speed.tokensPerSecond) : unknown}
        </Fact>
        <Fact name="Uptime">{record ? <Uptime {...record} /> : unknown}</Fact>
        <Fact name="Precision">{record?.precision ?? <span className="text-muted">not stated</span>}</Fact>
        <Fact name="Challenges">
          <Challenges {...challenges} />
        </Fact>
        <Fact name="Serves since">
          <Time at={openedAt} precise />
        </Fact>
        <Fact name="Operator key">
          <Account address={operator} label="operator key" />
        </Fact>
        <Fact name="Address">{url}</Fact>
      </Facts>
      <Measurement hosts={[host]} />
    </Panel>
  )
}

function Reference({ host }: { host: HostView }) {
  return (
    <Panel
      title="From a program"
      note="Any OpenAI or Anthropic client, unmodified. kinmark user runs on your machine, pays for each answer and checks its receipt."
    >
      {Object.entries(hostExamples(host)).map(([name, code]) => (
        <figure key={name} className="mt-3 first:mt-0">
          <figcaption className="mb-1 flex items-end justify-between gap-2 text-sm text-muted">
            {name}
            <CopyText value={code} shown="" label={`“${name}”`} />
          </figcaption>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: A region that scrolls is reached by the keyboard. */}
          <pre tabIndex={0} className="overflow-x-auto rounded-lg bg-sunken p-3 text-xs">
            {code}
          </pre>
        </figure>
      ))}
    </Panel>
  )
}
