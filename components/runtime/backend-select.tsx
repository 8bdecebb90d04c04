import { cn } from '@/components/ui/cn'
import { inputClass } from '@/components/ui/field'
import type { WebBackend } from '@/lib/inference/web/web-protocol'

type Props = {
  value: WebBackend
  onChange: (backend: WebBackend) => void
  disabled: boolean
  /** Label and input in one line. */
  inline?: boolean
}

export function BackendSelect({ value, onChange, disabled, inline }: Props) {
  return (
    <label className={inline ? 'flex items-center gap-2 text-sm text-muted' : 'block text-sm font-medium'}>
      Run on
      <select
        className={cn(inputClass, inline ? 'w-auto' : 'mt-1.5 font-normal')}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.value as WebBackend)}
      >
        <option value="auto">Automatic</option>
        <option value="webgpu">WebGPU</option>
        <option value="wasm">WebAssembly</option>
      </select>
    </label>
  )
}
