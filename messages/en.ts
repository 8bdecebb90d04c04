import type { ErrorFacts } from '../lib/errors/error-facts'
import { contract } from './en/contract'
import type { Messages } from './messages'

/** English. */
export const en: Messages<ErrorFacts> = {
  ...contract,
  legacy: ({ message }) => message,
}
