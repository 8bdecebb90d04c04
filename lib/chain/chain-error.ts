import { type Hex, isHex } from 'viem'
import { KinmarkError } from '../error'
import { revertOf } from './reverts'

/** Foreign errors are distinguished by name and code, because wallets and bundles bring classes of their own. */
type Thrown = {
  name?: string
  code?: number
  message?: string
  shortMessage?: string
  reason?: string
  raw?: unknown
  data?: unknown
}

type Recognize = (cause: Thrown, error: unknown) => KinmarkError | null

/** The error of ours that names what went wrong between a person, a wallet and the chain. */
export function chainError(error: unknown): KinmarkError {
  const causes = causesOf(error)
  for (const recognize of recognizers) {
    for (const cause of causes) {
      const recognized = recognize(cause, error)
      if (recognized) return recognized
    }
  }
  const { shortMessage } = causes.find((cause) => cause.shortMessage) ?? {}
  const reason = shortMessage ?? causes[0]?.message ?? String(error)
  return new KinmarkError('chain.failed', { reason }, { cause: error })
}

/** The error and all its causes, outermost first. */
function causesOf(error: unknown): Thrown[] {
  const causes: Thrown[] = []
  for (let at = error; at instanceof Object && causes.length < 20; at = (at as { cause?: unknown }).cause)
    causes.push(at as Thrown)
  return causes
}

/** In order of precedence. */
const recognizers: Recognize[] = [
  (cause) => (cause instanceof KinmarkError ? cause : null),
  requestDeclined,
  reverted,
  wrongNetwork,
  insufficientFunds,
  unreachable,
  receiptLate,
  notConnected,
]

/** EIP-1193 calls this 4001. */
function requestDeclined({ name, code }: Thrown, error: unknown) {
  if (name !== 'UserRejectedRequestError' && code !== 4001) return null
  return new KinmarkError('chain.request-declined', {}, { cause: error })
}

function reverted({ raw, data, reason }: Thrown, error: unknown) {
  const answer = [raw, data, (data as { data?: unknown } | undefined)?.data].find((hex): hex is Hex => isHex(hex))
  const revert = answer && revertOf(answer)
  if (revert) return revert
  return reason ? new KinmarkError('chain.reverted', { reason }, { cause: error }) : null
}

/** EIP-3085 calls it 4902 when a wallet does not know a network. viem and wagmi give both ids in their messages only. */
function wrongNetwork({ name = '', code, message = '' }: Thrown, error: unknown) {
  const [, wallet] = /Current Chain ID: +(\d+)/.exec(message) ?? []
  const [, target] = /Expected Chain ID: +(\d+)/.exec(message) ?? []
  if (name.endsWith('ChainMismatchError') && wallet && target)
    return new KinmarkError('chain.wrong-network', { wallet: Number(wallet), target: Number(target) }, { cause: error })
  if (code !== 4902 && name !== 'SwitchChainError') return null
  return new KinmarkError('chain.network-unknown', {}, { cause: error })
}

function insufficientFunds({ name, message = '' }: Thrown, error: unknown) {
  if (name !== 'InsufficientFundsError' && !/insufficient (funds|balance)/i.test(message)) return null
  return new KinmarkError('chain.insufficient-funds', {}, { cause: error })
}

function unreachable({ name = '', message = '' }: Thrown, error: unknown) {
  const found =
    /^(HttpRequestError|WebSocketRequestError|SocketClosedError|TimeoutError)$/.test(name) ||
    /fetch failed|failed to fetch|ECONNREFUSED/i.test(message)
  return found ? new KinmarkError('chain.unreachable', {}, { cause: error }) : null
}

function receiptLate({ name }: Thrown, error: unknown) {
  if (name !== 'WaitForTransactionReceiptTimeoutError') return null
  return new KinmarkError('chain.receipt-late', {}, { cause: error })
}

function notConnected({ name = '' }: Thrown, error: unknown) {
  if (!/^Connector(NotConnected|Account|Unavailable)/.test(name)) return null
  return new KinmarkError('chain.not-connected', {}, { cause: error })
}
