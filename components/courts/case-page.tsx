import { Panel } from '@/components/ui/card'
import { Fact, Facts } from '@/components/ui/facts'
import { Account } from '@/components/values/account'
import { Amount } from '@/components/values/amount'
import { Hash } from '@/components/values/hash'
import { Time } from '@/components/values/time'
import type { CaseView } from '@/lib/market/read/views'
import { CaseActions } from './case-actions'
import { CaseSubject } from './case-subject'
import { StageBadge } from './stage-badge'

export function CasePage({ trial, owed }: { trial: CaseView; owed: bigint }) {
  return (
    <>
      <div className="mb-7 flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="text-2xl font-semibold tracking-tight sm:text-3xl">Case {trial.id}</h1>
        <StageBadge trial={trial} />
      </div>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0 space-y-6">
          <History trial={trial} />
          {trial.panel.length > 0 && <Jurors trial={trial} />}
        </div>
        <div className="space-y-6">
          <Panel title="About">
            <Summary trial={trial} />
          </Panel>
          <CaseActions trial={trial} owed={owed} />
        </div>
      </div>
    </>
  )
}

const about: Record<CaseView['kind'], string> = {
  leak: 'Leaked copy',
  refusal: 'Refused delivery of',
  parent: 'Said to hide a parent',
}

function Summary({ trial }: { trial: CaseView }) {
  return (
    <Facts>
      <Fact name={about[trial.kind]}>
        <CaseSubject subject={trial.subject} />
        {trial.descent && `, version ${trial.descent.version}`}
      </Fact>
      {trial.descent && (
        <Fact name="Said to descend from">
          <CaseSubject subject={{ model: trial.descent.ancestor }} />, by the keys of its version{' '}
          {trial.descent.ancestorVersion}
        </Fact>
      )}
      {trial.descent?.displaced && (
        <Fact name="In the place of">
          <CaseSubject subject={{ model: trial.descent.displaced }} />, said to be there to keep others out
        </Fact>
      )}
      <Fact name="Accused">
        <Account address={trial.accused} label="address of the accused" />
      </Fact>
      <Fact name="At stake">
        <Amount value={trial.amount} />
      </Fact>
      <Fact name="Bond of each opener">
        <Amount value={trial.bond} />
      </Fact>
      <Fact name="Seats">
        {trial.seats}, each with <Amount value={trial.stake} /> locked
      </Fact>
      {trial.threshold > 0 && <Fact name="Evidence to accept">{(trial.threshold / 1000).toFixed(1)} nats</Fact>}
      {trial.stage === 'drawing' && <Fact name="Drawn by block">{trial.drawBlock}</Fact>}
      {trial.stage === 'drawing' && trial.until && (
        <Fact name="Answer until">
          <Time at={trial.until} precise />
        </Fact>
      )}
      {trial.stage === 'voting' && trial.commitUntil && (
        <Fact name="Votes committed until">
          <Time at={trial.commitUntil} precise />
        </Fact>
      )}
      {trial.stage === 'voting' && trial.revealUntil && (
        <Fact name="Votes revealed until">
          <Time at={trial.revealUntil} precise />
        </Fact>
      )}
      {trial.stage === 'ruled' && trial.until && (
        <Fact name="Appeal until">
          <Time at={trial.until} precise />
        </Fact>
      )}
      {trial.stage === 'ruled' && trial.closesAfter && (
        <Fact name="Closes after">
          <Time at={trial.closesAfter} precise />
        </Fact>
      )}
      {trial.annulled && <Fact name="Conviction">annulled by the council</Fact>}
    </Facts>
  )
}

function Jurors({ trial }: { trial: CaseView }) {
  const { accepts, rejects } = trial.votes
  return (
    <Panel
      title={trial.round === 0 ? 'Panel' : 'Panel of the appeal'}
      note={`${accepts} accept, ${rejects} reject, of ${trial.seats} seats. Two thirds accept, more than half reject.`}
    >
      <ul className="flex flex-wrap gap-x-6 gap-y-2 text-sm">
        {trial.panel.map((juror) => (
          <li key={juror}>
            <Account address={juror} label="juror’s address" />
          </li>
        ))}
      </ul>
      {trial.kind !== 'refusal' && trial.keys.of > 0 && (
        <p className="mt-4 text-sm text-muted">
          {trial.keys.opened} of the {trial.keys.of} keys of the drawn part are open.
        </p>
      )}
    </Panel>
  )
}

function History({ trial }: { trial: CaseView }) {
  return (
    <Panel title="What happened">
      <ol className="space-y-3 text-sm">
        {trial.events.map((event, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events are only ever appended
          <li key={i} className="flex flex-wrap items-baseline gap-x-3">
            <Time at={event.at} precise />
            <span className="font-medium first-letter:uppercase">{event.name}</span>
            {event.by && <Account address={event.by} label="address" />}
            {event.text && <span className="min-w-0 wrap-anywhere text-muted">{event.text}</span>}
            <Hash value={event.tx} label="transaction hash" className="ml-auto" />
          </li>
        ))}
      </ol>
    </Panel>
  )
}
