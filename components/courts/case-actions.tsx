'use client'

import dynamic from 'next/dynamic'
import { useState } from 'react'
import type { Address } from 'viem'
import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/card'
import { EvidenceField, fitsChain } from '@/components/ui/evidence-field'
import { Amount } from '@/components/values/amount'
import { useChain } from '@/components/wallet/chain'
import { ConnectButton } from '@/components/wallet/connect-button'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useProtocolTime } from '@/components/wallet/use-protocol-time'
import { useWrite } from '@/components/wallet/use-write'
import type { CaseStep } from '@/lib/chain/case'
import { isSameAddress } from '@/lib/format/addresses'
import type { CaseView } from '@/lib/market/read/views'
import { availableSteps } from './available-steps'

const CastVote = dynamic(() => import('./cast-vote').then(({ CastVote }) => CastVote))

const labels: Record<CaseStep, { button: string; why: string }> = {
  draw: { button: 'Draw the panel', why: 'The block has come. Who draws first earns the recorder’s fee.' },
  rule: { button: 'Count the votes', why: 'The time to reveal votes is over.' },
  appeal: { button: 'Appeal', why: 'A larger panel decides. It costs twice the bond, which returns if you win.' },
  close: { button: 'Close the case', why: 'The ruling stands: bonds are paid and jurors settled.' },
}

export function CaseActions({ trial, owed }: { trial: CaseView; owed: bigint }) {
  const account = useSession()
  const now = useProtocolTime()
  const { contracts } = useChain()
  const { state, run, busy } = useWrite('caseCourt', `case.${trial.id}`)
  const [text, setText] = useState('')
  const { caseCourt } = contracts
  if (now === null) return null
  const steps = availableSteps(trial, account, now)
  const seat = account ? trial.panel.findIndex((juror) => isSameAddress(juror, account)) : -1
  const isOpener = account !== null && trial.openers.some((opener) => isSameAddress(opener, account))
  const appealCost = 2n * trial.bond + trial.recordFee
  const runStep = (step: CaseStep) =>
    run(({ stepWrite }) => stepWrite(caseCourt, step, trial.id), step === 'appeal' ? appealCost : 0n)
  const claim = (account: Address) => run(({ courtClaimWrite }) => courtClaimWrite(caseCourt, account))
  const answer = () => run(({ answerWrite }) => answerWrite(caseCourt, trial.id, text))
  const join = (account: Address) => run(({ joinWrite }) => joinWrite(caseCourt, trial.id, account, text), trial.bond)
  return (
    <Panel title="What you can do">
      {!account ? (
        <ConnectButton />
      ) : (
        <RightNetwork>
          <div className="space-y-4">
            {owed > 0n && (
              <div className="space-y-2">
                <p className="text-sm text-muted">
                  The court owes you <Amount value={owed} />.
                </p>
                <Button className="w-full" busy={busy} onClick={() => claim(account)}>
                  Claim
                </Button>
              </div>
            )}
            {steps.steps.map((step) => (
              <div key={step} className="space-y-2">
                <p className="text-sm text-muted">{labels[step].why}</p>
                <Button className="w-full" busy={busy} onClick={() => runStep(step)}>
                  {labels[step].button}
                </Button>
              </div>
            ))}
            {(steps.answer || steps.join) && (
              <div className="space-y-2">
                <EvidenceField
                  label={steps.answer ? 'Your answer' : 'Where your evidence is'}
                  value={text}
                  onChange={(event) => setText(event.target.value)}
                  hint="Public, for good. Never write a key here."
                />
                {steps.answer ? (
                  <Button className="w-full" busy={busy} disabled={text === '' || !fitsChain(text)} onClick={answer}>
                    Answer
                  </Button>
                ) : (
                  <Button
                    className="w-full"
                    variant="secondary"
                    busy={busy}
                    disabled={text === '' || !fitsChain(text)}
                    onClick={() => join(account)}
                  >
                    Join with a bond
                  </Button>
                )}
              </div>
            )}
            {trial.stage === 'voting' && seat >= 0 && !isOpener && (
              <CastVote trial={trial} seat={seat} now={now} busy={busy} run={run} />
            )}
            {steps.steps.length === 0 && !steps.answer && !steps.join && owed === 0n && seat < 0 && (
              <p className="text-sm text-muted">Nothing now.</p>
            )}
          </div>
        </RightNetwork>
      )}
      {state.stage !== 'idle' && (
        <div className="mt-4">
          <TransactionNote state={state} />
        </div>
      )}
    </Panel>
  )
}
