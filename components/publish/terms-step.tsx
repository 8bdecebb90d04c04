'use client'

import { Checkbox, Field } from '@/components/ui/field'
import { readTerms, type TermsForm } from './terms-form'

export function TermsStep({ form, onChange }: { form: TermsForm; onChange: (form: TermsForm) => void }) {
  const read = readTerms(form)
  const errors = 'errors' in read ? read.errors : {}
  const text = (field: 'price' | 'collateral' | 'fee' | 'royalty') => ({
    value: form[field],
    error: errors[field]?.message,
    inputMode: 'decimal' as const,
    autoComplete: 'off',
    onChange: (event: { currentTarget: HTMLInputElement }) => onChange({ ...form, [field]: event.currentTarget.value }),
  })
  const flag = (field: 'derive' | 'freeToDerive' | 'commercial' | 'playground') => ({
    checked: form[field],
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      onChange({ ...form, [field]: event.currentTarget.checked }),
  })
  return (
    <div className="space-y-6">
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Price of a copy" unit="USDC" hint="Paid once per copy and split as shown." {...text('price')} />
        <Field
          label="Collateral"
          unit="USDC"
          hint="Paid by the buyer and returned after closing. At stake if the copy cheats or leaks."
          {...text('collateral')}
        />
        <Field
          label="Fee per inference"
          unit="USDC"
          hint="Owed when a buyer serves the copy to others."
          {...text('fee')}
        />
        <Field
          label="Royalty from derived models"
          unit="%"
          hint="Share of every payment to a derived model, at most 50 %."
          {...text('royalty')}
        />
      </div>
      <fieldset className="space-y-3">
        <legend className="mb-3 text-sm font-medium">Permissions</legend>
        <Checkbox label="Allow derived models" hint="Derived models owe you the royalty." {...flag('derive')} />
        <Checkbox
          label="Free to derive"
          hint="Otherwise deriving requires an active copy."
          disabled={!form.derive}
          {...flag('freeToDerive')}
        />
        <Checkbox label="Allow commercial use" {...flag('commercial')} />
      </fieldset>
      <fieldset>
        <legend className="mb-3 text-sm font-medium">Before buying</legend>
        <Checkbox
          label="Let visitors try it in the browser"
          hint="Visitors download the original weights, without a fingerprint, and can keep them."
          {...flag('playground')}
        />
      </fieldset>
    </div>
  )
}
