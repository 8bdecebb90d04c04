import type { PayerErrors } from '../../lib/errors/payer'
import type { Messages } from '../messages'

export const payer: Messages<PayerErrors> = {
  'payer.host-differs': ({ field }) => `The host differs from its deployment on the chain: ${field}.`,
  'payer.refused': ({ status, message }) => `The host refused (${status}). ${message}`,
  'payer.broken': () => 'The answer broke off. You pay for what arrived.',
  'payer.other-tab': () => 'Another tab is asking this host. Try again once it has its answer.',
  'payer.unreachable': () => 'The host cannot be reached.',
  'payer.account-wrong': ({ claimed, promised }) =>
    `The host claims ${claimed} tokens, but ${promised} were promised: it gets no more calls.`,
}
