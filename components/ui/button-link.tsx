import type { ComponentProps } from 'react'
import { Link } from '@/components/ui/link'
import { type ButtonLook, buttonClass } from './button'
import { cn } from './cn'

/** A link that looks like a button. */
export function ButtonLink({ className, variant, size, ...props }: ComponentProps<typeof Link> & ButtonLook) {
  return <Link className={cn(buttonClass({ variant, size }), className)} {...props} />
}
