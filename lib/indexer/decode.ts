import {
  type Abi,
  type AbiEvent,
  type Address,
  type DecodeEventLogReturnType,
  DecodeLogDataMismatch,
  DecodeLogTopicsMismatch,
  decodeEventLog,
  type Hex,
  toEventSelector,
} from 'viem'
import {
  caseCourtAbi,
  challengeCourtAbi,
  copyRegistryAbi,
  minterRegistryAbi,
  modelGovernorAbi,
  modelGovernorFactoryAbi,
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
  | 'minterRegistry'
  | 'treasury'
  | 'usageLedger'
  | 'userLedger'
  | 'caseCourt'
  | 'challengeCourt'
  | 'proverRegistry'
  | 'origins'
  | 'modelGovernorFactory',
  Address
>

/** A log of the chain, undecoded. Its address has a checksum. */
export type RawLog = typeof logs.$inferSelect

type Decoded<abi extends Abi> = DecodeEventLogReturnType<abi, undefined, Hex[], Hex>

/** A decoder of an ABI's events. Null for an event that the ABI does not have, or that has other arguments. */
function decoderOf<const abi extends Abi>(abi: abi): (log: RawLog) => Decoded<abi> | null {
  const events = abi.filter((item): item is AbiEvent => item.type === 'event')
  // Marked as anonymous, viem takes the event as found and does not hash its signature again.
  const found = new Map(events.map((event) => [toEventSelector(event), [{ ...event, anonymous: true }] as const]))
  return ({ topics: [selector, ...topics], data }) => {
    const event = selector && found.get(selector)
    if (!event) return null
    try {
      return decodeEventLog({ abi: event, topics, data } as never) as Decoded<abi>
    } catch (error) {
      if (error instanceof DecodeLogTopicsMismatch || error instanceof DecodeLogDataMismatch) return null
      throw error
    }
  }
}

const decoders = {
  models: decoderOf(modelRegistryAbi),
  copies: decoderOf(copyRegistryAbi),
  minters: decoderOf(minterRegistryAbi),
  treasury: decoderOf(treasuryAbi),
  usage: decoderOf(usageLedgerAbi),
  users: decoderOf(userLedgerAbi),
  cases: decoderOf(caseCourtAbi),
  challenges: decoderOf(challengeCourtAbi),
  provers: decoderOf(proverRegistryAbi),
  origins: decoderOf(originsAbi),
  governorFactory: decoderOf(modelGovernorFactoryAbi),
  governors: decoderOf(modelGovernorAbi),
  shares: decoderOf(modelSharesAbi),
}

type Decoders = typeof decoders
type Source = keyof Decoders

/** An event of one kind of contract. */
export type EventOf<From extends Source> = From extends Source
  ? { from: From } & NonNullable<ReturnType<Decoders[From]>>
  : never

const sources = {
  modelRegistry: 'models',
  copyRegistry: 'copies',
  minterRegistry: 'minters',
  treasury: 'treasury',
  usageLedger: 'usage',
  userLedger: 'users',
  caseCourt: 'cases',
  challengeCourt: 'challenges',
  proverRegistry: 'provers',
  origins: 'origins',
  modelGovernorFactory: 'governorFactory',
} as const satisfies Record<keyof Contracts, Source>

/** Contracts of which each model has one. */
const clones = ['shares', 'governors'] as const

/**
 * The event in a log and the contract that emitted it; null for events that the ABIs do not have. An address that is none
 * of `contracts` is taken for a model’s shares or, by its event, for a model’s governor.
 */
export function decode(log: RawLog, contracts: Contracts): EventOf<Source> | null {
  const name = (Object.keys(sources) as (keyof Contracts)[]).find((contract) => contracts[contract] === log.address)
  for (const from of name ? [sources[name]] : clones) {
    const event = decoders[from](log)
    if (event) return { from, ...event } as EventOf<Source>
  }
  return null
}
