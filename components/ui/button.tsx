import type { ComponentProps } from 'react'
import { cn } from './cn'
import { LoaderCircle } from './icons'

const variants = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'border border-border bg-surface text-text hover:bg-sunken',
  ghost: 'text-muted hover:bg-sunken hover:text-text',
  danger: 'border border-danger bg-surface text-danger hover:bg-danger-soft',
}
const sizes = { small: 'h-8 px-3', medium: 'h-10 px-4', large: 'h-11 px-5 text-base', icon: 'size-9' }

export type ButtonLook = { variant?: keyof typeof variants; size?: keyof typeof sizes }

/** The looks of a button, also for a link that is one. */
export function buttonClass({ variant = 'primary', size = 'medium' }: ButtonLook = {}): string {
  return cn('button', variants[variant], sizes[size])
}

type ButtonProps = ComponentProps<'button'> & ButtonLook & { busy?: boolean }

/** While it is `busy` it keeps the focus and does nothing. */
export function Button({ className, variant, size, busy, children, onClick, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      className={cn(buttonClass({ variant, size }), className)}
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      onClick={busy ? undefined : onClick}
      {...props}
    >
      {busy && <LoaderCircle className="size-4 animate-spin" />}
      {children}
    </button>
  )
}
