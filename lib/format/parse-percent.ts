import { KinmarkError } from '../error'
import { decimalText } from './decimal'

/** “12.5” or “12,5” → 1250 basis points. Throws `form.percentage-invalid` and `form.percentage-above-max`. */
export function parsePercent(text: string, maxBps: number): number {
  const match = /^(\d{1,3})(?:\.(\d{0,2}))?$/.exec(decimalText(text))
  if (!match) throw new KinmarkError('form.percentage-invalid', { text })
  const bps = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  if (bps > maxBps) throw new KinmarkError('form.percentage-above-max', { bps, maxBps })
  return bps
}
