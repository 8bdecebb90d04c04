import { useLocale } from '#values/use-locale'
import { cn } from '@/components/ui/cn'
import { formatUsdc } from '@/lib/format/amounts'
import type { Usdc6 } from '@/lib/money/usdc'

/** An amount of USDC, exact to the unit. */
export function Amount({ value, className, unit = true }: { value: Usdc6; className?: string; unit?: boolean }) {
  const locale = useLocale()
  return (
    // Server and browser may know another state of a language.
    <span className={cn('whitespace-nowrap tabular-nums', className)} suppressHydrationWarning>
      {formatUsdc(value, locale)}
      {unit && <span className="text-[0.85em] text-muted"> USDC</span>}
    </span>
  )
}
