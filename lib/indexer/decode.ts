import { AbiEventSignatureNotFoundError, type Address, decodeEventLog, erc20Abi, type Hex, isAddressEqual } from 'viem'
import { copyRegistryAbi, modelRegistryAbi, treasuryAbi } from '../chain/generated'

export type Contracts = { modelRegistry: Address; copyRegistry: Address; treasury: Address }

export type RawLog = {
  block: number
  logIndex: number
  /** The block's time, Unix seconds. */
  at: number
  tx: string
  address: string
  topics: string[]
  data: string
}

/**
 * The event in a log and the contract that emitted it; null for events that the ABIs do not have. An address that is none
 * of `contracts` is taken for a model’s shares.
 */
export function decode(log: RawLog, contracts: Contracts) {
  const raw = { topics: log.topics as [Hex, ...Hex[]], data: log.data as Hex }
  const isFrom = (address: Address) => isAddressEqual(log.address as Address, address)
  try {
    if (isFrom(contracts.modelRegistry))
      return { from: 'models' as const, ...decodeEventLog({ abi: modelRegistryAbi, ...raw }) }
    if (isFrom(contracts.copyRegistry))
      return { from: 'copies' as const, ...decodeEventLog({ abi: copyRegistryAbi, ...raw }) }
    if (isFrom(contracts.treasury))
      return { from: 'treasury' as const, ...decodeEventLog({ abi: treasuryAbi, ...raw }) }
    return { from: 'shares' as const, ...decodeEventLog({ abi: erc20Abi, ...raw }) }
  } catch (error) {
    if (error instanceof AbiEventSignatureNotFoundError) return null
    throw error
  }
}

/** An event of one kind of contract. */
export type EventOf<From> = Extract<NonNullable<ReturnType<typeof decode>>, { from: From }>
