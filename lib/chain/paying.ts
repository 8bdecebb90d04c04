import { type Address, encodeFunctionData } from 'viem'
import { userLedgerAbi } from './generated'
import type { CopyId } from './ids'
import type { Permit } from './permit'

const ledger = (address: Address) => ({ address, abi: userLedgerAbi }) as const

export type SessionOpening = {
  copyId: CopyId
  key: Address
  /** In protocol time. */
  expiresAt: bigint
  /** The most that the key’s vouchers may state in all. */
  maxAmount: bigint
  /** What is added to the reservation, and the part of it that is deposited first. */
  reserve: bigint
  deposit: { amount: bigint; permit: Permit } | null
}

/** Deposits what is missing, reserves it for a copy’s host and names a session key, all at once. */
export function openSessionCall(userLedger: Address, opening: SessionOpening) {
  const { copyId, key, expiresAt, maxAmount, reserve, deposit } = opening
  const [abi, id] = [userLedgerAbi, BigInt(copyId)]
  const data = [
    ...(deposit
      ? [encodeFunctionData({ abi, functionName: 'depositWithPermit', args: [deposit.amount, deposit.permit] })]
      : []),
    ...(reserve > 0n ? [encodeFunctionData({ abi, functionName: 'reserve', args: [id, reserve] })] : []),
    encodeFunctionData({ abi, functionName: 'nameKey', args: [id, key, expiresAt, maxAmount] }),
  ]
  return { ...ledger(userLedger), functionName: 'multicall', args: [data] } as const
}

/** Asks for the caller’s reservation with a copy’s host. */
export function requestReleaseCall(userLedger: Address, id: CopyId) {
  return { ...ledger(userLedger), functionName: 'requestRelease', args: [BigInt(id)] } as const
}

/** Returns a reservation that may leave to the balance of its user. */
export function releaseCall(userLedger: Address, id: CopyId, user: Address) {
  return { ...ledger(userLedger), functionName: 'release', args: [BigInt(id), user] } as const
}

/** Sends the caller part of its balance. */
export function withdrawCall(userLedger: Address, amount: bigint) {
  return { ...ledger(userLedger), functionName: 'withdraw', args: [amount] } as const
}
