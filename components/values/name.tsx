import { cn } from '@/components/ui/cn'

/** A name that somebody gave: it breaks where it must, and its direction turns nothing around it. */
export function Name({ children, className }: { children: string; className?: string }) {
  return (
    <bdi className={cn('wrap-anywhere', className)} title={className?.includes('truncate') ? children : undefined}>
      {children}
    </bdi>
  )
}
