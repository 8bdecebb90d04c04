import { type ComponentProps, type ReactNode, useId } from 'react'
import { cn } from './cn'
import { useHydrated } from './use-hydrated'

/** Its looks are in app/globals.css. */
export const inputClass = 'input'

type FieldProps = Omit<ComponentProps<'input'>, 'id'> & {
  label: string
  hint?: ReactNode
  error?: string | null
  unit?: string
}

/** A labelled input with a hint, or with its error in place of the hint. Open to typing as soon as that is heard. */
export function Field({ label, hint, error, unit, className, disabled, ...props }: FieldProps) {
  const id = useId()
  const hydrated = useHydrated()
  const descriptionId = error ? `${id}-error` : hint ? `${id}-hint` : undefined
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block text-sm font-medium">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          className={cn(inputClass, unit && 'pr-16 tabular-nums')}
          aria-invalid={error ? true : undefined}
          aria-describedby={descriptionId}
          disabled={disabled || !hydrated}
          {...props}
        />
        {unit && (
          <span className="pointer-events-none absolute inset-y-0 right-3 flex items-center text-sm text-muted">
            {unit}
          </span>
        )}
      </div>
      {error ? (
        <p id={`${id}-error`} role="alert" className="mt-1.5 text-sm text-danger">
          {error}
        </p>
      ) : (
        hint && (
          <p id={`${id}-hint`} className="mt-1.5 text-sm text-muted">
            {hint}
          </p>
        )
      )}
    </div>
  )
}

export function Checkbox({
  label,
  hint,
  disabled,
  ...props
}: Omit<ComponentProps<'input'>, 'id' | 'type'> & { label: string; hint?: string }) {
  const id = useId()
  const hydrated = useHydrated()
  return (
    <div className="flex gap-3">
      <input
        id={id}
        type="checkbox"
        className="mt-0.5 size-4 accent-accent"
        disabled={disabled || !hydrated}
        {...props}
      />
      <div className="text-sm">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        {hint && <p className="text-muted">{hint}</p>}
      </div>
    </div>
  )
}
