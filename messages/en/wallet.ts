import type { WalletErrors } from '../../lib/errors/wallet'
import type { Messages } from '../messages'

export const wallet: Messages<WalletErrors> = {
  'wallet.not-connected': () => 'Connect a wallet and sign in first.',
  'wallet.network-unknown': ({ chainId }) => `Your wallet does not know network ${chainId}. Add it in the wallet.`,
}
