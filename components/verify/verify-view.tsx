'use client'

import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import { BackendSelect } from '@/components/runtime/backend-select'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/callout'
import { Link } from '@/components/ui/link'
import { Progress } from '@/components/ui/progress'
import { Step } from '@/components/ui/step'
import { ConnectButton } from '@/components/wallet/connect-button'
import { useSession } from '@/components/wallet/session'
import type { WebBackend } from '@/lib/inference/web/web-protocol'
import type { CopyView, ModelSummary } from '@/lib/market/read/views'
import { type Subject, subjectKey } from './subject'
import { SubjectStep } from './subject-step'
import { type Suspect, SuspectStep } from './suspect-step'
import { useVerify } from './use-verify'

const KeyTable = dynamic(() => import('./key-table').then(({ KeyTable }) => KeyTable))
const VerdictPanel = dynamic(() => import('./verdict-panel').then(({ VerdictPanel }) => VerdictPanel))

type Props = { models: ModelSummary[]; copies: CopyView[]; initialKey: string | null }

export function VerifyView({ models, copies, initialKey }: Props) {
  const account = useSession()
  const subjects = useMemo<Subject[]>(
    () => [
      ...copies
        .filter(({ state }) => state !== 'ordered' && state !== 'refunded')
        .map(({ id, model }) => ({ kind: 'copy' as const, id, name: model.name, modelId: model.id })),
      ...models.map(({ id, name }) => ({ kind: 'model' as const, id, name })),
    ],
    [copies, models],
  )
  const [selected, setSelected] = useState<Subject | null>(null)
  const subject = selected ?? subjects.find((each) => subjectKey(each) === initialKey) ?? subjects[0] ?? null
  const [suspect, setSuspect] = useState<Suspect | null>(null)
  const [backend, setBackend] = useState<WebBackend>('auto')
  const { state, run, cancel } = useVerify()
  const running = state.stage === 'running'

  return (
    <div className="space-y-4">
      <Step number={1} title="Suspect" done={suspect !== null}>
        <SuspectStep suspect={suspect} onSuspect={setSuspect} copies={copies} locked={running} />
      </Step>
      <Step number={2} title="Key set" done={account !== null && subject !== null}>
        {!account ? (
          <div className="flex flex-wrap items-center gap-3">
            <ConnectButton />
            <p className="text-sm text-muted">
              Keys are secret: owners have all keys of their models, buyers the keys disclosed to them.
            </p>
          </div>
        ) : subjects.length === 0 ? (
          <p className="text-sm text-muted">
            You have no model or copy to test for.{' '}
            <Link href="/" className="underline underline-offset-4">
              Get a copy
            </Link>{' '}
            or{' '}
            <Link href="/publish" className="underline underline-offset-4">
              publish a model
            </Link>
            .
          </p>
        ) : (
          <SubjectStep subjects={subjects} value={subject} onChange={setSelected} locked={running} />
        )}
      </Step>
      <Step number={3} title="Test" locked={!suspect || !account || !subject}>
        <div className="space-y-4">
          <div className="flex flex-wrap items-center gap-3">
            {running ? (
              <Button variant="secondary" onClick={cancel}>
                Cancel
              </Button>
            ) : (
              <Button onClick={() => suspect && subject && run(suspect, subject, backend)}>Verify</Button>
            )}
            <BackendSelect value={backend} onChange={setBackend} disabled={running} inline />
          </div>
          {running && <Progress label={state.step} done={state.done} />}
          {state.stage === 'failed' && <Callout tone="danger">{state.message}</Callout>}
        </div>
      </Step>
      {state.stage === 'done' && (
        <>
          <VerdictPanel outcome={state.outcome} />
          <KeyTable outcome={state.outcome} />
        </>
      )}
    </div>
  )
}
