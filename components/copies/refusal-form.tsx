'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Panel } from '@/components/ui/card'
import { EvidenceField, fitsChain } from '@/components/ui/evidence-field'
import { Time } from '@/components/values/time'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { blockOf, isUnderWay } from '@/components/wallet/transaction-state'
import { useIndexed } from '@/components/wallet/use-indexed'
import { useTransaction } from '@/components/wallet/use-transaction'
import { loadPart } from '@/lib/browser/load-part'
import type { RefusalReason } from '@/lib/chain/states'
import type { CopyView } from '@/lib/market/read/views'
import { reasonTexts } from './refusal-reasons'

const reasons = Object.keys(reasonTexts) as RefusalReason[]

/** The buyer names the public fact that fails. */
export function RefusalForm({ copy }: { copy: CopyView }) {
  const { contracts } = useChain()
  const queries = useQueryClient()
  const [reason, setReason] = useState<RefusalReason | null>(null)
  const [evidence, setEvidence] = useState('')
  const { state, send } = useTransaction(`refuse.${copy.id}`)
  const indexed = useIndexed(blockOf(state))
  const busy = isUnderWay(state) || state.stage === 'included'

  useEffect(() => {
    if (indexed === 'indexed') queries.invalidateQueries({ queryKey: ['copy', copy.id] })
  }, [indexed, queries, copy.id])

  const refuse = () =>
    send(async () => {
      const { refuseWrite } = await loadPart(import('@/lib/chain/writes/build'))
      return refuseWrite(contracts.copyRegistry, copy.id, reason!, evidence)
    })
  return (
    <Panel title="Is something wrong?">
      <details className="text-sm">
        <summary className="cursor-pointer text-muted hover:text-text">Refuse this delivery</summary>
        <div className="mt-4 space-y-4">
          <p className="text-muted">
            Name the fact that fails. Anybody can check it. The minter then delivers again, gives the money back, or
            stands by its delivery; then a panel of provers decides, and the loser pays. You can refuse until{' '}
            {copy.acceptDeadline && <Time at={copy.acceptDeadline} precise />}.
          </p>
          <fieldset className="space-y-2">
            <legend className="sr-only">Reason</legend>
            {reasons.map((name) => (
              <label key={name} className="flex items-start gap-2.5">
                <input
                  type="radio"
                  name="reason"
                  className="mt-1 accent-accent"
                  checked={reason === name}
                  onChange={() => setReason(name)}
                />
                {reasonTexts[name].long}
              </label>
            ))}
          </fieldset>
          <EvidenceField
            label="Evidence"
            hint="What you found, or where it can be seen. It is public: never paste a key or your seed."
            value={evidence}
            onChange={(event) => setEvidence(event.currentTarget.value)}
          />
          <RightNetwork>
            <Button variant="secondary" busy={busy} disabled={!reason || !fitsChain(evidence)} onClick={refuse}>
              Refuse the delivery
            </Button>
          </RightNetwork>
          <TransactionNote state={state} />
        </div>
      </details>
    </Panel>
  )
}
