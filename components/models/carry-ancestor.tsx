'use client'

import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Field, inputClass } from '@/components/ui/field'
import { useChain } from '@/components/wallet/chain'
import { RightNetwork } from '@/components/wallet/right-network'
import { useSession } from '@/components/wallet/session'
import { TransactionNote } from '@/components/wallet/transaction-note'
import { useWrite } from '@/components/wallet/use-write'
import { type ModelId, parseModelId } from '@/lib/chain/ids'
import type { ModelPage } from '@/lib/market/read/views'

/** Enters an ancestor that a court has found into a model that descends from this one. */
export function CarryAncestor({ model }: { model: ModelPage }) {
  const account = useSession()
  const { contracts } = useChain()
  const { state, run, busy } = useWrite('origins', `origin.carry.${model.id}`)
  const [ancestor, setAncestor] = useState<ModelId>(model.entered[0].id)
  const [text, setText] = useState('')
  const steps = text.split(/[\s,]+/).filter(Boolean)
  const path = [model.id, ...steps.map(parseModelId)]
  const complete = steps.length > 0 && path.every((id) => id !== null)
  if (!account) return null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (complete && !busy) run(({ carryWrite }) => carryWrite(contracts.origins, ancestor, path as ModelId[]))
  }
  return (
    <form className="space-y-4" onSubmit={submit}>
      <p className="text-sm text-muted">
        Models that descend from this one owe the same royalty if they were published after it. Anybody may enter the
        ancestor there too.
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        {model.entered.length > 1 && (
          <label className="text-sm">
            <span className="mb-1.5 block font-medium">Ancestor</span>
            <select
              className={inputClass}
              value={ancestor}
              onChange={(event) => setAncestor(event.target.value as ModelId)}
            >
              {model.entered.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        <Field
          label="Models down to the descendant"
          placeholder="12, 15"
          hint="Their numbers: a child of this model, then its child, and so on."
          value={text}
          error={text !== '' && !complete ? 'Numbers of models, with commas between them.' : null}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <RightNetwork>
        <Button type="submit" variant="secondary" size="small" busy={busy} disabled={!complete}>
          Enter it there
        </Button>
      </RightNetwork>
      <TransactionNote state={state} />
    </form>
  )
}
