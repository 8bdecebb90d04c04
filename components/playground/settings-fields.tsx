import { BackendSelect } from '@/components/runtime/backend-select'
import { Field } from '@/components/ui/field'
import type { WebBackend } from '@/lib/inference/web/web-protocol'
import type { SettingsErrors, SettingsForm } from './settings'

type Props = {
  form: SettingsForm
  errors: SettingsErrors
  onForm: (form: SettingsForm) => void
  backend: WebBackend
  onBackend: (backend: WebBackend) => void
  locked: boolean
}

export function SettingsFields({ form, errors, onForm, backend, onBackend, locked }: Props) {
  const number = (field: keyof SettingsForm) => ({
    value: form[field],
    error: errors[field]?.message,
    inputMode: 'decimal' as const,
    autoComplete: 'off',
    onChange: (event: { currentTarget: HTMLInputElement }) => onForm({ ...form, [field]: event.currentTarget.value }),
  })
  return (
    <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
      <Field label="Temperature" hint="0 = most likely token" {...number('temperature')} />
      <Field label="Seed" hint="Same seed, same text" {...number('seed')} />
      <Field label="Length" hint="Maximum new tokens" {...number('length')} />
      <BackendSelect value={backend} onChange={onBackend} disabled={locked} />
    </div>
  )
}
