import type { WalletErrors } from '../../lib/errors/wallet'
import { formatUsdc } from '../../lib/format/amounts'
import type { Messages } from '../messages'

export const wallet: Messages<WalletErrors> = {
  'wallet.allowance-left': ({ allowance }) =>
    `Your account still allows Kinmark’s contract to take ${formatUsdc(allowance)} USDC, so a payment could be taken twice. Set this allowance to 0 in your wallet first.`,
  'wallet.bond-not-allowed': () =>
    'The transaction that lets the court take the bond failed. No bond was paid. Try again.',
  'wallet.network-unknown': ({ chainId }) => `Your wallet does not know network ${chainId}. Add it in the wallet.`,
  'wallet.not-connected': () => 'Connect a wallet and sign in first.',
  'wallet.order-known': ({ copy }) => `This order was paid already: you have copy ${copy}.`,
  'wallet.other-tab': () =>
    'Your wallet is being asked for this already, perhaps by another tab. Answer it there first.',
  'wallet.signature-foreign': ({ bytes }) =>
    `Your wallet signs in a way that payments in USDC do not take: with ${bytes} bytes, as contracts do. Pay with an account that has a key of its own.`,
  'wallet.still-under-way': () =>
    'An earlier attempt may still take effect. So that you do not pay twice, wait for it.',
  'wallet.transactions-waiting': ({ waiting }) =>
    `${waiting} ${waiting === 1 ? 'transaction' : 'transactions'} of your account wait for a block, and this browser does not let Kinmark remember whether this is one of them. Try again when none waits.`,
  'wallet.vote-elsewhere': () => 'The vote that the chain has is not in this browser: reveal it where you cast it.',
  'wallet.vote-not-kept': () =>
    'This browser forgets what it stores when the page is closed, so you could not reveal your vote and would lose a penalty. Let this site store data, or vote in another browser.',
}
