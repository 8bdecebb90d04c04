'use client'

import { Checkbox, Field } from '@/components/ui/field'
import type { Obligations } from '@/lib/chain/obligations'
import { readTerms, type TermsForm } from './terms-form'

type Props = {
  form: TermsForm
  /** Obligations to the chosen parents. */
  obligations: Obligations
  onChange: (form: TermsForm) => void
}

/** A permission that the parents’ licences do not give. */
const refused = { checked: false, disabled: true, hint: 'A parent does not allow this.' }

export function TermsStep({ form, obligations, onChange }: Props) {
  const { licence } = obligations
  const read = readTerms(form, obligations)
  const errors = 'errors' in read ? read.errors : {}
  const text = (field: 'price' | 'collateral' | 'fee' | 'royalty' | 'floor' | 'leak') => ({
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
          label="Leak bond"
          unit="%"
          hint="Part of the collateral that is released slowly after closing, because weights do not come back."
          {...text('leak')}
        />
        <Field
          label="Fee per million tokens"
          unit="USDC"
          hint="Owed when a buyer serves the copy to others."
          {...text('fee')}
        />
        <Field
          label="Royalty from derived models"
          unit="%"
          hint="Share of every payment for a derived model, at most 50 %."
          {...text('royalty')}
        />
        <Field
          label="Floor for derived models"
          unit="%"
          hint="Part of your price, collateral, leak bond and fee that derived models must ask at least."
          {...text('floor')}
        />
      </div>
      <fieldset className="space-y-3">
        <legend className="mb-3 text-sm font-medium">Permissions</legend>
        <Checkbox
          label="Allow derived models"
          hint="Derived models owe you the royalty."
          {...flag('derive')}
          {...(!licence.derive && refused)}
        />
        <Checkbox
          label="Free to derive"
          hint="Otherwise deriving requires an active copy."
          disabled={!form.derive}
          {...flag('freeToDerive')}
          {...(!licence.freeToDerive && refused)}
        />
        <Checkbox label="Allow commercial use" {...flag('commercial')} {...(!licence.commercial && refused)} />
      </fieldset>
      <fieldset>
        <legend className="mb-3 text-sm font-medium">Before buying</legend>
        <Checkbox
          label="Let visitors try it in the browser"
          hint="Visitors download a copy with a fingerprint of its own and can keep it. Only you can download the original weights."
          {...flag('playground')}
        />
      </fieldset>
    </div>
  )
}
