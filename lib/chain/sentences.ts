import { type Hex, isHex } from 'viem'
import { KinmarkError } from '../error'
import { revertOf } from './reverts'

/** Errors are told apart by name and code, since wallets and bundles bring classes of their own. */
type Thrown = {
  name?: string
  code?: number
  message?: string
  shortMessage?: string
  reason?: string
  raw?: unknown
  data?: unknown
}

/** What went wrong between a person, a wallet and the chain, in one sentence that says what to do. */
export function explain(error: unknown): string {
  const causes = causesOf(error)
  for (const say of [ours, rejected, reverted, wrongChain, noMoney, silent, late, unready]) {
    for (const cause of causes) {
      const sentence = say(cause)
      if (sentence) return sentence
    }
  }
  const { shortMessage } = causes.find((cause) => cause.shortMessage) ?? {}
  return shortMessage ?? causes[0]?.message ?? String(error)
}

/** The error and all its causes, outermost first. */
function causesOf(error: unknown): Thrown[] {
  const causes: Thrown[] = []
  for (let at = error; at instanceof Object && causes.length < 20; at = (at as { cause?: unknown }).cause)
    causes.push(at as Thrown)
  return causes
}

function ours(cause: Thrown): string | null {
  return cause instanceof KinmarkError ? cause.message : null
}

function rejected({ name, code }: Thrown): string | null {
  if (name !== 'UserRejectedRequestError' && code !== 4001) return null
  return 'You declined this in your wallet: nothing was sent and nothing was spent. Try again when you are ready.'
}

function reverted({ raw, data, reason }: Thrown): string | null {
  const answer = [raw, data, (data as { data?: unknown } | undefined)?.data].find((hex): hex is Hex => isHex(hex))
  const revert = answer && revertOf(answer)
  if (revert) return revert.message
  return reason ? `The contract refused: ${reason.replace(/\.$/, '')}.` : null
}

function wrongChain({ name = '', code, message = '' }: Thrown): string | null {
  if (!/ChainMismatchError$/.test(name) && code !== 4902 && name !== 'SwitchChainError') return null
  const [wallet, target] = [...message.matchAll(/id: (\d+)/g)].map(([, id]) => id)
  if (!target) return 'Your wallet cannot switch to this network by itself: add the network in the wallet, then switch.'
  return `Your wallet is on network ${wallet}, and this is on network ${target}: switch the network in your wallet.`
}

function noMoney({ name, message = '' }: Thrown): string | null {
  if (name !== 'InsufficientFundsError' && !/insufficient (funds|balance)/i.test(message)) return null
  return 'Your account has too little ETH to pay for the transaction: add some, then try again.'
}

function silent({ name = '', message = '' }: Thrown): string | null {
  const unreachable =
    /^(HttpRequestError|WebSocketRequestError|SocketClosedError|TimeoutError)$/.test(name) ||
    /fetch failed|failed to fetch|ECONNREFUSED/i.test(message)
  if (!unreachable) return null
  return 'The chain does not answer: check your connection, and that the chain is running, then try again.'
}

function late({ name }: Thrown): string | null {
  if (name !== 'WaitForTransactionReceiptTimeoutError') return null
  return 'The transaction was sent and is not included yet: leave it, it may still go through.'
}

function unready({ name = '' }: Thrown): string | null {
  if (!/^Connector(NotConnected|Account|Unavailable)/.test(name)) return null
  return 'No account is connected: connect your wallet, then try again.'
}
