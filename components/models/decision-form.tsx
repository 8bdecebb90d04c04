'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { EvidenceField, fitsChain } from '@/components/ui/evidence-field'
import { Field, inputClass } from '@/components/ui/field'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useWrite } from '@/components/wallet/use-write'
import { useAccount } from '@/components/wallet/wallet'
import { loadPart } from '@/lib/browser/load-part'
import type { Decision } from '@/lib/chain/votes'
import { isAddress } from '@/lib/format/addresses'
import type { ModelPage } from '@/lib/market/read/views'

const decisions: Record<Decision['what'], string> = {
  retire: 'Sell no new copies, for good',
  nameMinter: 'Let a minter mint it',
  dismissMinter: 'Let a minter mint it no longer',
}

/** Decides for a model at once, or where the holders vote, proposes it to them. */
export function DecisionForm({ model }: { model: ModelPage }) {
  const { contracts } = useChain()
  const { config } = useAccount()
  const { byVotes, controller } = model.control
  const { state, run, busy } = useWrite('modelRegistry', `${byVotes ? 'propose' : 'decide'}.${model.id}`)
  const [what, setWhat] = useState<Decision['what']>('nameMinter')
  const [minter, setMinter] = useState('')
  const [reason, setReason] = useState('')
  const isNamed = what !== 'retire'
  const complete = (!isNamed || isAddress(minter)) && (!byVotes || (reason.trim() !== '' && fitsChain(reason)))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (busy || !complete) return
    const decision: Decision = isNamed ? { what, minter: minter as `0x${string}` } : { what }
    run(async ({ decisionWrite, proposeWrite }) => {
      if (!byVotes) return decisionWrite(contracts.modelRegistry, model.id, decision)
      const [{ proposalOf }, { createGovernor }] = await loadPart(
        Promise.all([import('@/lib/chain/votes'), import('@/components/wallet/create-governor')]),
      )
      if (config) await createGovernor(config, contracts.modelGovernorFactory, model.id, controller)
      return proposeWrite(controller, proposalOf(contracts.modelRegistry, model.id, decision, reason.trim()))
    })
  }
  return (
    <form className="space-y-4" onSubmit={submit}>
      <div className="grid gap-4 sm:grid-cols-2">
        <label className="text-sm">
          <span className="mb-1.5 block font-medium">Decision</span>
          <select
            className={inputClass}
            value={what}
            onChange={(event) => setWhat(event.target.value as Decision['what'])}
          >
            {Object.entries(decisions).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {isNamed && (
          <Field
            label="Minter"
            placeholder="0x…"
            value={minter}
            error={minter === '' || isAddress(minter) ? null : 'The address of an account.'}
            onChange={(event) => setMinter(event.target.value.trim())}
          />
        )}
      </div>
      {byVotes && (
        <EvidenceField
          label="Why"
          hint="Public, for good. The holders read it before they vote."
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      )}
      <RightNetwork>
        <Button type="submit" variant="secondary" busy={busy} disabled={!complete}>
          {byVotes ? 'Propose it' : 'Decide'}
        </Button>
      </RightNetwork>
      <TransactionNote state={state} />
    </form>
  )
}
