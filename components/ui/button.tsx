import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'

const buttonClass = cva(
  'inline-flex items-center justify-center gap-2 whitespace-nowrap rounded-lg text-sm font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:opacity-55',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent hover:bg-accent-hover',
        secondary: 'border border-border bg-surface text-text hover:bg-sunken',
        ghost: 'text-muted hover:bg-sunken hover:text-text',
        danger: 'border border-danger bg-surface text-danger hover:bg-danger-soft',
      },
      size: { small: 'h-8 px-3', medium: 'h-10 px-4', large: 'h-11 px-5 text-base', icon: 'size-9' },
    },
    defaultVariants: { variant: 'primary', size: 'medium' },
  },
)

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonClass> & { asChild?: boolean; busy?: boolean }

export function Button({ className, variant, size, asChild, busy, children, disabled, ...props }: ButtonProps) {
  if (asChild)
    return (
      <Slot.Root className={cn(buttonClass({ variant, size }), className)} {...props}>
        {children}
      </Slot.Root>
    )
  return (
    <button
      type="button"
      className={cn(buttonClass({ variant, size }), className)}
      disabled={disabled || busy}
      {...props}
    >
      {busy && <LoaderCircle className="size-4 animate-spin" aria-hidden="true" />}
      {children}
    </button>
  )
}
