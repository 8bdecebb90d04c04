import type { FormatErrors } from '../../lib/errors/format'
import type { Messages } from '../messages'

export const format: Messages<FormatErrors> = {
  'format.not-usdc': ({ text }) =>
    `“${text}” is not an amount in USDC: use digits with at most six decimals, as in 12.50.`,
}
