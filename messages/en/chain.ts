import type { ChainErrors } from '../../lib/errors/chain'
import type { Messages } from '../messages'

export const chain: Messages<ChainErrors> = {
  'chain.buyer-seed-length': ({ bytes }) => `The buyer’s seed has ${bytes} bytes; it must have 32.`,
  'chain.failed': ({ reason }) => `The wallet or the chain reported an error: ${reason}`,
  'chain.insufficient-funds': () =>
    'Your account has too little ETH to pay for the transaction: add some, then try again.',
  'chain.network-unknown': () =>
    'Your wallet could not switch to this network: add the network in your wallet, then switch to it there.',
  'chain.not-connected': () => 'No account is connected: connect your wallet, then try again.',
  'chain.receipt-late': () =>
    'The transaction was sent but is not in a block yet: do not send it again, it may still go through.',
  'chain.request-declined': () =>
    'You declined the request in your wallet: nothing was sent and nothing was spent. You can try again.',
  'chain.reverted': ({ reason }) => `The contract refused the transaction: ${reason}`,
  'chain.transaction-failed': ({ hash }) =>
    `The transaction ${hash} failed on the chain, and paid nothing but its fee: try again.`,
  'chain.unreachable': () =>
    'The chain does not answer: check your connection and that the chain is running, then try again.',
  'chain.wrong-network': ({ wallet, target }) =>
    `Your wallet is on network ${wallet}; this transaction is for network ${target}: switch the network in your wallet.`,
}
