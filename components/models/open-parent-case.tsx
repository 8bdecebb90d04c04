'use client'

import { useState } from 'react'
import type { Address } from 'viem'
import { Button } from '@/components/ui/button'
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
import { parseModelId } from '@/lib/chain/ids'
import type { ModelPage } from '@/lib/market/read/views'

const places = 4

/** A form that opens a case about an undeclared parent of a model. */
export function OpenParentCase({ model, due }: { model: ModelPage; due: bigint }) {
  const account = useSession()
  const { contracts } = useChain()
  const now = useProtocolTime()
  const { state, run, busy } = useWrite('caseCourt', `case.open.model.${model.id}`)
  const [form, setForm] = useState({ ancestor: '', version: '', ancestorVersion: '1', displaced: '', evidence: '' })
  const field = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: { currentTarget: HTMLInputElement }) => setForm({ ...form, [name]: event.currentTarget.value }),
  })
  const open = model.bonds.filter(({ until }) => until !== null && now !== null && now < until)
  if (now !== null && open.length === 0)
    return (
      <p className="text-sm text-muted">All its bonds have been released: no case about its parents opens any more.</p>
    )

  const full = model.entered.length === places
  const version = Number(form.version || open[0]?.version)
  const ancestor = parseModelId(form.ancestor.trim())
  const ancestorVersion = Number(form.ancestorVersion)
  const displaced = full ? parseModelId(form.displaced.trim()) : null
  const complete =
    ancestor && isVersion(ancestorVersion) && open.some((bond) => bond.version === version) && (!full || displaced)
  const send = (opener: Address) => {
    if (!complete) return
    const descent = { version, ancestor, ancestorVersion, displaced }
    const { caseCourt } = contracts
    return run(
      ({ parentCaseWrite }) => parentCaseWrite(caseCourt, model.id, descent, opener, form.evidence.trim()),
      due,
    )
  }
  return (
    <div className="space-y-4">
      <p className="text-sm text-muted">
        Drawn provers decide by keys that the other model fixed before this one was published. If they find that it
        descends from it, the bond is lost, and the other model earns its royalty from then on.
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="It descends from model" inputMode="numeric" placeholder="Its number" {...field('ancestor')} />
        <Field
          label="Version of that model"
          inputMode="numeric"
          hint="Whose keys it answers."
          {...field('ancestorVersion')}
        />
        {open.length > 1 && (
          <Field
            label="Version of this model"
            inputMode="numeric"
            placeholder={String(open[0].version)}
            {...field('version')}
          />
        )}
        {full && (
          <Field
            label="In the place of model"
            inputMode="numeric"
            hint="All four places are taken: name the entered ancestor that is there to keep others out."
            {...field('displaced')}
          />
        )}
      </div>
      <EvidenceField
        label="Where your evidence is"
        hint="Public, for good. Never write a key here: a published key proves nothing."
        {...field('evidence')}
      />
      {account ? (
        <RightNetwork>
          <Button
            variant="secondary"
            busy={busy}
            disabled={!complete || !fitsChain(form.evidence)}
            onClick={() => send(account)}
          >
            Open a case with <Amount value={due} />
          </Button>
        </RightNetwork>
      ) : (
        <ConnectButton />
      )}
      <p className="text-sm text-muted">
        The bond returns if the case is accepted. It is lost if the case is rejected, and a fifth of it if it is not
        decided. This model’s creator and controller, and the owner of the bond, cannot open a case.
      </p>
      <TransactionNote state={state} />
    </div>
  )
}

const isVersion = (version: number) => Number.isInteger(version) && version > 0 && version < 2 ** 32
