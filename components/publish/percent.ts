import { LegacyError } from '@/lib/error'

/** “12.5” → 1250 basis points. At most two decimals, so that no digit is ever dropped. */
export function parsePercent(text: string, max: number): number {
  const match = /^(\d{1,3})(?:\.(\d{0,2}))?$/.exec(text.trim())
  if (!match) throw new LegacyError(`“${text}” is not a percentage: digits with at most two decimals, as in 12.5.`)
  const bps = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  if (bps > max) throw new LegacyError(`${bps / 100} % is more than the ${max / 100} % allowed.`)
  return bps
}
