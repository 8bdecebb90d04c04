import { cn } from '@/components/ui/cn'
import { Field, inputClass } from '@/components/ui/field'
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

export function Controls({ form, errors, onForm, backend, onBackend, locked }: Props) {
  const number = (field: keyof SettingsForm) => ({
    value: form[field],
    error: errors[field]?.message,
    inputMode: 'decimal' as const,
    autoComplete: 'off',
    onChange: (event: { currentTarget: HTMLInputElement }) => onForm({ ...form, [field]: event.currentTarget.value }),
  })
  return (
    <div className="grid grid-cols-2 gap-4 sm:grid-cols-4">
      <Field label="Temperature" hint="0: always the likeliest" {...number('temperature')} />
      <Field label="Seed" hint="The same gives the same" {...number('seed')} />
      <Field label="Length" hint="New tokens at most" {...number('length')} />
      <label className="block text-sm font-medium">
        Run on
        <select
          className={cn(inputClass, 'mt-1.5 font-normal')}
          value={backend}
          disabled={locked}
          onChange={(event) => onBackend(event.currentTarget.value as WebBackend)}
        >
          <option value="auto">the fastest</option>
          <option value="webgpu">WebGPU</option>
          <option value="wasm">WebAssembly</option>
        </select>
      </label>
    </div>
  )
}
