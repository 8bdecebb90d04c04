import { KinmarkError } from '../error'
import type { Usdc6 } from '../money/usdc'
import { decimalText } from './decimal'

/** “12.5” or “12,5” → 12_500_000n. Throws `form.usdc-invalid` for signs, exponents, thousands and more than six decimals. */
export function parseUsdc(text: string): Usdc6 {
  const match = /^(\d{1,15})(?:\.(\d{0,6}))?$/.exec(decimalText(text))
  if (!match) throw new KinmarkError('form.usdc-invalid', { text })
  return BigInt(match[1]) * 1_000_000n + BigInt((match[2] ?? '').padEnd(6, '0'))
}
