import { useLocale } from '#values/use-locale'
import { formatBps, formatShares } from '@/lib/format/numbers'
import { formatBytes, formatCount } from '@/lib/format/sizes'

type Figures = { bytes: number; count: number; bps: number | bigint; shares: bigint }
/** One of: a size in bytes, a count in short, basis points, shares of a model with 18 decimals. */
type Props = {
  [Name in keyof Figures]: Pick<Figures, Name> & { [Other in Exclude<keyof Figures, Name>]?: never }
}[keyof Figures]

/** A number in the reader’s language. */
export function Figure(props: Props) {
  return (
    <span className="tabular-nums" suppressHydrationWarning>
      {textOf(props, useLocale())}
    </span>
  )
}

function textOf({ bytes, count, bps, shares }: Props, locale: string): string {
  if (bytes !== undefined) return formatBytes(bytes, locale)
  if (count !== undefined) return formatCount(count, locale)
  return bps !== undefined ? formatBps(bps, locale) : formatShares(shares, locale)
}
