'use client'

import { useState } from 'react'
import type { Address } from 'viem'
import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/card'
import { Field } from '@/components/ui/field'
import { Amount } from '@/components/values/amount'
import { useChain } from '@/components/wallet/chain'
import { ConnectButton } from '@/components/wallet/connect-button'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { openCaseCall, targetOf } from '@/lib/chain/case'
import type { CopyId } from '@/lib/chain/ids'
import { openCaseProof } from '@/lib/chain/writes/proofs'
import type { CaseSummary } from '@/lib/market/read/views'
import { CaseTable } from './case-table'
import { useCaseStep } from './use-case-step'

type Props = { copyId: CopyId; due: bigint; cases: CaseSummary[] }

/** The cases about a copy, and a form that opens one. */
export function OpenCase({ copyId, due, cases }: Props) {
  const account = useSession()
  const { contracts } = useChain()
  const { state, run, busy } = useCaseStep(`case.open.${copyId}`)
  const [target, setTarget] = useState('')
  const [evidence, setEvidence] = useState('')
  const { caseCourt } = contracts
  const open = (opener: Address) => {
    const tested = targetOf(target.trim())
    return run(
      {
        ...openCaseCall(caseCourt, copyId, tested, evidence.trim()),
        proof: openCaseProof(caseCourt, copyId, opener, tested),
      },
      due,
    )
  }
  return (
    <Panel
      title="Cases"
      note="Found these weights outside, or behind an endpoint that signs nothing? Drawn provers decide."
    >
      {cases.length > 0 && (
        <div className="mb-6">
          <CaseTable cases={cases} />
        </div>
      )}
      <div className="space-y-4">
        <Field
          label="What was tested"
          placeholder="https://… or the root of the files"
          value={target}
          onChange={(event) => setTarget(event.target.value)}
        />
        <Field
          label="Where your evidence is"
          value={evidence}
          onChange={(event) => setEvidence(event.target.value)}
          hint="Public, for good. Never write a key here: a published key proves nothing."
        />
        {account ? (
          <RightNetwork>
            <Button variant="secondary" busy={busy} disabled={target.trim() === ''} onClick={() => open(account)}>
              Open a case with <Amount value={due} />
            </Button>
          </RightNetwork>
        ) : (
          <ConnectButton />
        )}
        <p className="text-sm text-muted">
          The bond returns if the case is accepted. It is lost if the case is rejected, and a fifth of it if it is not
          decided. The model’s creator and controller, the minter and the buyer cannot open a case.
        </p>
        <TransactionNote state={state} />
      </div>
    </Panel>
  )
}
