'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Address } from 'viem'
import { copyQueryOptions } from '@/components/copies/copy-query-options'
import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/card'
import { EvidenceField, fitsChain } from '@/components/ui/evidence-field'
import { Field } from '@/components/ui/field'
import { Amount } from '@/components/values/amount'
import { useChain } from '@/components/wallet/chain'
import { ConnectButton } from '@/components/wallet/connect-button'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useProtocolTime } from '@/components/wallet/use-protocol-time'
import { useWrite } from '@/components/wallet/use-write'
import type { CopyCase } from '@/lib/chain/case'
import { isSameAddress } from '@/lib/format/addresses'
import type { CaseSummary, CopyView } from '@/lib/market/read/views'
import { CaseTable } from './case-table'

type Props = { initial: CopyView; due: Record<CopyCase['kind'], bigint>; cases: CaseSummary[] }

/** The cases about a copy, and a form that opens one: for its buyer about a refused delivery, for others about a leak. */
export function CopyCases({ initial, due, cases }: Props) {
  const account = useSession()
  const now = useProtocolTime()
  const { data: copy = initial } = useQuery({ ...copyQueryOptions(initial.id), placeholderData: initial })
  const isBuyer = account !== null && isSameAddress(account, copy.buyer)
  const form = isBuyer ? (
    refusalIsOpen(copy, now) && <RefusalCaseForm copy={copy} due={due.refusal} />
  ) : (
    <LeakCaseForm copy={copy} due={due.leak} />
  )
  if (!form && cases.length === 0) return null
  return (
    <Panel title="Cases" note="Drawn provers decide.">
      <div className="space-y-6">
        {cases.length > 0 && <CaseTable cases={cases} />}
        {form}
      </div>
    </Panel>
  )
}

/** Whether the buyer may bring its refusal before the court: the minter stands by its delivery, or has not answered. */
function refusalIsOpen({ state, answerDeadline }: CopyView, now: number | null): boolean {
  if (now === null || answerDeadline === null) return false
  return state === 'defended' ? now <= answerDeadline : state === 'refused' && now > answerDeadline
}

type FormProps = { copy: CopyView; due: bigint }

function LeakCaseForm({ copy, due }: FormProps) {
  const [target, setTarget] = useState('')
  const tested = target.trim()
  return (
    <CaseForm
      copy={copy}
      due={due}
      about={tested === '' ? null : { kind: 'leak', copyId: copy.id, tested }}
      terms="The bond returns if the case is accepted. It is lost if the case is rejected, and a fifth of it if it is not decided. The model’s creator and controller, the minter and the buyer cannot open a case."
    >
      <p className="text-sm">Found these weights outside, or behind an endpoint that signs nothing?</p>
      <Field
        label="What was tested"
        placeholder="https://… or the root of the files"
        value={target}
        onChange={(event) => setTarget(event.target.value)}
      />
    </CaseForm>
  )
}

function RefusalCaseForm({ copy, due }: FormProps) {
  return (
    <CaseForm
      copy={copy}
      due={due}
      about={{ kind: 'refusal', copyId: copy.id }}
      terms="If the panel agrees with you, the bond returns, everything that you paid is refunded and the minter pays its penalty. If it does not, the bond is lost and the delivery counts as accepted."
    >
      <p className="text-sm">You refused this delivery. Let a panel decide.</p>
    </CaseForm>
  )
}

type CaseFormProps = FormProps & { about: CopyCase | null; terms: string; children: ReactNode }

function CaseForm({ copy, due, about, terms, children }: CaseFormProps) {
  const account = useSession()
  const { contracts } = useChain()
  const { state, run, busy } = useWrite('caseCourt', `case.open.${copy.id}`)
  const [evidence, setEvidence] = useState('')
  const { caseCourt } = contracts
  const open = (opener: Address, about: CopyCase) =>
    run(({ openCaseWrite }) => openCaseWrite(caseCourt, about, opener, evidence.trim()), due)
  return (
    <div className="space-y-4">
      {children}
      <EvidenceField
        label="Where your evidence is"
        value={evidence}
        onChange={(event) => setEvidence(event.target.value)}
        hint="Public, for good. Never write a key here: a published key proves nothing."
      />
      {account ? (
        <RightNetwork>
          <Button
            variant="secondary"
            busy={busy}
            disabled={!about || !fitsChain(evidence)}
            onClick={() => about && open(account, about)}
          >
            Open a case with <Amount value={due} />
          </Button>
        </RightNetwork>
      ) : (
        <ConnectButton />
      )}
      <p className="text-sm text-muted">{terms}</p>
      <TransactionNote state={state} />
    </div>
  )
}
