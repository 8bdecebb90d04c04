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
import { type SentAnswers, useListening } from './use-listening'
import { useVerify } from './use-verify'

const KeyTable = dynamic(() => import('./key-table').then(({ KeyTable }) => KeyTable))
const VerdictPanel = dynamic(() => import('./verdict-panel').then(({ VerdictPanel }) => VerdictPanel))
const HeardPanel = dynamic(() => import('./heard-panel').then(({ HeardPanel }) => HeardPanel))

type Props = {
  models: ModelSummary[]
  copies: CopyView[]
  initialKey: string | null
  /** Answers that were sent before. */
  sentAnswers: SentAnswers | null
}

export function VerifyView({ models, copies, initialKey, sentAnswers }: Props) {
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
  const [suspect, setSuspect] = useState<Suspect | null>(null)
  // Answers to ordinary questions are judged with the bits of all copies, which is for a model’s owner.
  const ofAnswers = suspect?.kind === 'answers'
  const possible = ofAnswers ? subjects.filter(({ kind }) => kind === 'model') : subjects
  const preferred = [selected, subjects.find((each) => subjectKey(each) === initialKey), possible[0]]
  const subject = preferred.find((each) => each && possible.includes(each)) ?? null
  const [backend, setBackend] = useState<WebBackend>('auto')
  const { state, run, cancel, reset } = useVerify()
  const listening = useListening(sentAnswers, account !== null)
  const step = state.stage === 'running' ? { label: state.step, done: state.done } : listening.step
  const running = step !== null
  const error = state.stage === 'failed' ? state.message : listening.error
  const isReady = suspect !== null && account !== null && subject !== null

  const nameOf = (model?: string) => models.find(({ id }) => id === model)?.name ?? 'the model'

  const verify = () => {
    if (!suspect || !subject) return
    listening.forget()
    reset()
    if (suspect.kind === 'weights') run(suspect, subject, backend)
    else listening.send({ model: subject.id, answers: suspect.file })
  }

  return (
    <div className="space-y-4">
      <Step number={1} title="Suspect" done={suspect !== null}>
        <SuspectStep suspect={suspect} onSuspect={setSuspect} copies={copies} locked={running} />
      </Step>
      <Step number={2} title={ofAnswers ? 'Model' : 'Key set'} done={account !== null && subject !== null}>
        {!account ? (
          <div className="flex flex-wrap items-center gap-3">
            <ConnectButton />
            <p className="text-sm text-muted">
              {ofAnswers
                ? 'Answers are judged for the owner of a model.'
                : 'Keys are secret: owners have all keys of their models, buyers the keys disclosed to them.'}
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
        ) : possible.length === 0 ? (
          <p className="text-sm text-muted">
            Answers are judged for a model’s owner, and you have published no model. Test the weights instead, with the
            keys of your copy.
          </p>
        ) : (
          <SubjectStep subjects={possible} value={subject} onChange={setSelected} locked={running} />
        )}
      </Step>
      <Step number={3} title="Test" locked={!isReady && !running && error === null}>
        <div className="space-y-4">
          <div className="flex flex-wrap items-center gap-3">
            {running ? (
              <Button variant="secondary" onClick={state.stage === 'running' ? cancel : listening.cancel}>
                Cancel
              </Button>
            ) : (
              <Button onClick={verify} disabled={!isReady}>
                Verify
              </Button>
            )}
            {!ofAnswers && !listening.step && (
              <BackendSelect value={backend} onChange={setBackend} disabled={running} inline />
            )}
          </div>
          {step && <Progress {...step} />}
          {error && <Callout tone="danger">{error}</Callout>}
        </div>
      </Step>
      {state.stage === 'done' && (
        <>
          <VerdictPanel outcome={state.outcome} />
          <KeyTable outcome={state.outcome} />
        </>
      )}
      {listening.heard && <HeardPanel heard={listening.heard} name={nameOf(listening.model)} />}
    </div>
  )
}
