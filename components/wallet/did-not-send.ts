import { chainError } from '@/lib/chain/chain-error'

/** The only words of a wallet that say for certain that nothing was sent. After any others it may have sent. */
const certain = new Set<string>([
  'chain.request-declined',
  'chain.insufficient-funds',
  'chain.network-unknown',
  'chain.not-connected',
  'chain.wrong-network',
])

/** Whether an error of `eth_sendTransaction` says that the wallet sent nothing: the person declined, or it could not. */
export function didNotSend(error: unknown): boolean {
  const { code } = chainError(error)
  return certain.has(code) || code.startsWith('contract.')
}
