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
        <Field
          label="Price of a copy"
          unit="USDC"
          hint="Paid once, and split among everyone who is owed a part."
          {...text('price')}
        />
        <Field
          label="Collateral"
          unit="USDC"
          hint="The buyer’s own money, at stake if the copy cheats or leaks; returned after closing."
          {...text('collateral')}
        />
        <Field
          label="Fee for one inference"
          unit="USDC"
          hint="Owed when a buyer serves the copy to others."
          {...text('fee')}
        />
        <Field
          label="Royalty from each child"
          unit="%"
          hint="Of every payment to a model made from yours, at most 50 %."
          {...text('royalty')}
        />
      </div>
      <fieldset className="space-y-3">
        <legend className="mb-3 text-sm font-medium">What may others do with it?</legend>
        <Checkbox
          label="Make models from it"
          hint="They become children and owe you the royalty."
          {...flag('derive')}
        />
        <Checkbox
          label="Without buying a copy first"
          hint="Otherwise only holders of an active copy may derive."
          disabled={!form.derive}
          {...flag('freeToDerive')}
        />
        <Checkbox label="Use it commercially" {...flag('commercial')} />
      </fieldset>
      <fieldset>
        <legend className="mb-3 text-sm font-medium">What may visitors do before they buy?</legend>
        <Checkbox
          label="Let visitors try it in the browser"
          hint="Visitors load the unmarked weights and can keep them."
          {...flag('playground')}
        />
      </fieldset>
    </div>
  )
}
