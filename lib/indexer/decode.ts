import { AbiEventSignatureNotFoundError, type Address, decodeEventLog, isAddressEqual } from 'viem'
import {
  caseCourtAbi,
  challengeCourtAbi,
  copyRegistryAbi,
  modelRegistryAbi,
  modelSharesAbi,
  originsAbi,
  proverRegistryAbi,
  treasuryAbi,
  usageLedgerAbi,
  userLedgerAbi,
} from '../chain/generated'
import type { logs } from '../db/schema'

export type Contracts = Record<
  | 'modelRegistry'
  | 'copyRegistry'
  | 'treasury'
  | 'usageLedger'
  | 'userLedger'
  | 'caseCourt'
  | 'challengeCourt'
  | 'proverRegistry'
  | 'origins',
  Address
>

/** A log of the chain, undecoded. */
export type RawLog = typeof logs.$inferSelect

/**
 * The event in a log and the contract that emitted it; null for events that the ABIs do not have. An address that is none
 * of `contracts` is taken for a model’s shares.
 */
export function decode(log: RawLog, contracts: Contracts) {
  const { topics, data } = log
  const raw = { topics, data }
  const isFrom = (address: Address) => isAddressEqual(log.address, address)
  try {
    if (isFrom(contracts.modelRegistry))
      return { from: 'models' as const, ...decodeEventLog({ abi: modelRegistryAbi, ...raw }) }
    if (isFrom(contracts.copyRegistry))
      return { from: 'copies' as const, ...decodeEventLog({ abi: copyRegistryAbi, ...raw }) }
    if (isFrom(contracts.treasury))
      return { from: 'treasury' as const, ...decodeEventLog({ abi: treasuryAbi, ...raw }) }
    if (isFrom(contracts.usageLedger))
      return { from: 'usage' as const, ...decodeEventLog({ abi: usageLedgerAbi, ...raw }) }
    if (isFrom(contracts.userLedger))
      return { from: 'users' as const, ...decodeEventLog({ abi: userLedgerAbi, ...raw }) }
    if (isFrom(contracts.caseCourt)) return { from: 'cases' as const, ...decodeEventLog({ abi: caseCourtAbi, ...raw }) }
    if (isFrom(contracts.challengeCourt))
      return { from: 'challenges' as const, ...decodeEventLog({ abi: challengeCourtAbi, ...raw }) }
    if (isFrom(contracts.proverRegistry))
      return { from: 'provers' as const, ...decodeEventLog({ abi: proverRegistryAbi, ...raw }) }
    if (isFrom(contracts.origins)) return { from: 'origins' as const, ...decodeEventLog({ abi: originsAbi, ...raw }) }
    return { from: 'shares' as const, ...decodeEventLog({ abi: modelSharesAbi, ...raw }) }
  } catch (error) {
    if (error instanceof AbiEventSignatureNotFoundError) return null
    throw error
  }
}

/** An event of one kind of contract. */
export type EventOf<From> = Extract<NonNullable<ReturnType<typeof decode>>, { from: From }>
