import type { Usdc6 } from '../money/usdc'

/** 12_500_000n → “12.50”: exact, with at least two decimals. */
export function formatUsdc(amount: Usdc6): string {
  const sign = amount < 0n ? '−' : ''
  const units = amount < 0n ? -amount : amount
  const whole = (units / 1_000_000n).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  const decimals = (units % 1_000_000n)
    .toString()
    .padStart(6, '0')
    .replace(/0{1,4}$/, '')
  return `${sign}${whole}.${decimals}`
}
