import type { FormErrors } from '../../lib/errors/form'
import { formatUsdc } from '../../lib/format/amounts'
import { formatBps } from '../../lib/format/numbers'
import type { Messages } from '../messages'

/** Errors of a value that somebody typed. */
export const form: Messages<FormErrors> = {
  'form.usdc-invalid': ({ text }) =>
    `“${text}” is not an amount in USDC: use digits with at most six decimals, such as 12.50 or 12,50.`,
  'form.percentage-invalid': ({ text }) =>
    `“${text}” is not a percentage: use digits with at most two decimals, such as 12.5 or 12,5.`,
  'form.percentage-below-floor': ({ bps, floorBps }) =>
    `Your parents require ${formatBps(floorBps)} at least, not ${formatBps(bps)}.`,
  'form.percentage-above-max': ({ bps, maxBps }) => `Enter at most ${formatBps(maxBps)}, not ${formatBps(bps)}.`,
  'form.amount-below-floor': ({ amount, floor }) =>
    `Enter at least ${formatUsdc(floor)} USDC, which the parents require, not ${formatUsdc(amount)}.`,
  'form.amount-above-max': ({ amount, max }) => `Enter at most ${formatUsdc(max)} USDC, not ${formatUsdc(amount)}.`,
  'form.number-out-of-range': ({ text, min, max }) => `Enter a number from ${min} to ${max}, not “${text}”.`,
  'form.integer-out-of-range': ({ text, min, max }) => `Enter a whole number from ${min} to ${max}, not “${text}”.`,
}
