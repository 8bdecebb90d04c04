import type { Address, Hex } from 'viem'

/**
 * The event that a write causes when it succeeds, as `eth_getLogs` filters it. `word` is a 32-byte word that the event's
 * data must contain, where the topics alone do not name the write.
 */
export type Proof = { address: Address; topics: (Hex | null)[]; word?: Hex }

/**
 * - `wallet`: the wallet was asked and has not answered.
 * - `silent`: the wallet was asked, and nobody knows its answer: it failed, or the page was closed.
 * - `sent`: the wallet gave a hash.
 * - `missing`: the chain does not know that hash, or it is another account's.
 * - `dropped`: the chain knew the transaction and has forgotten it.
 * - `included`: a block has the proof. `final`: so many blocks followed that it stays.
 * - `reverted`: included without effect. `cancelled`: another transaction took its place.
 * - `declined`: the wallet said that it did not send. `expired`: it came too late to have an effect.
 */
type WriteStage = (typeof stages)[number]
const stages = [
  'wallet',
  'silent',
  'sent',
  'missing',
  'dropped',
  'included',
  'final',
  'reverted',
  'cancelled',
  'declined',
  'expired',
] as const

/** One attempt to write. JSON: it is stored, and shared by all tabs. */
export type WriteRecord = {
  /** Tells this attempt from other attempts at the same intent. */
  id: string
  stage: WriteStage
  account: Address
  /** When the wallet was asked: the newest block, and how many transactions of the account were in blocks. */
  since: number
  firstNonce: number
  /** Chain time in seconds after which it cannot take money any more; null where doing it twice takes none. */
  expires: number | null
  proof: Proof
  hash: Hex | null
  nonce: number | null
  /** The block that settled it. */
  block: number | null
  /** Looks in a row that did not find it. */
  unseen: number
}

/** A transaction in a block. */
export type Settled = {
  hash: Hex
  from: Address
  nonce: number
  block: number
  success: boolean
  /** Whether its logs contain the proof. */
  proven: boolean
}

/** What one look at the chain found. */
export type Sight = {
  /** The newest block, and the time in seconds that the next one may have. */
  head: number
  time: number
  /** How many transactions of the account are in blocks. */
  count: number
  /** The nonce of the transaction with the record's hash, while it waits for a block. */
  waiting: { nonce: number } | null
  /** The transaction that settled the record: by its proof, by its hash, or by its account and nonce. */
  settled: Settled | null
}

export type WriteEvent =
  | { type: 'answered'; hash: Hex }
  | { type: 'declined' }
  | { type: 'silent' }
  | { type: 'looked'; sight: Sight; finalBlocks: number }

/** So many looks may miss a transaction that a slow node does not know yet. */
const patience = 3
/** Seconds for which a block from before `expires` may still be under way. */
const expiryGrace = 60

export type NewWrite = Pick<WriteRecord, 'id' | 'account' | 'since' | 'firstNonce' | 'expires' | 'proof'>

/** A write whose wallet is about to be asked. */
export function beginWrite(write: NewWrite): WriteRecord {
  return { ...write, stage: 'wallet', hash: null, nonce: null, block: null, unseen: 0 }
}

/** Whether something from storage is a record. Anything else there was written by somebody else, and proves nothing. */
export function isWriteRecord(value: unknown): value is WriteRecord {
  const { id, stage, account, since, firstNonce, unseen, proof } = (value ?? {}) as Partial<WriteRecord>
  return (
    typeof id === 'string' &&
    typeof account === 'string' &&
    stages.some((known) => known === stage) &&
    [since, firstNonce, unseen].every(Number.isSafeInteger) &&
    typeof proof?.address === 'string' &&
    Array.isArray(proof.topics)
  )
}

/** Whether the write may still take effect, so that the same must not be sent again. */
export function mayLand(record: WriteRecord): boolean {
  if (record.stage === 'wallet' || record.stage === 'sent') return true
  return record.expires !== null && isAdrift(record)
}

/** Whether nobody knows where the transaction is. */
export function isAdrift({ stage }: WriteRecord): boolean {
  return stage === 'silent' || stage === 'missing' || stage === 'dropped'
}

/** Whether another look at the chain may change the record. */
export function isUnsettled(record: WriteRecord): boolean {
  return ['wallet', 'silent', 'sent', 'missing', 'dropped', 'included'].includes(record.stage)
}

/** The record after an event. Returns the same object where nothing changed. */
export function advance(record: WriteRecord, event: WriteEvent): WriteRecord {
  switch (event.type) {
    case 'answered':
      return isSettled(record) ? record : { ...record, stage: 'sent', hash: event.hash, nonce: null, unseen: 0 }
    case 'declined':
      return record.stage === 'wallet' || record.stage === 'silent' ? { ...record, stage: 'declined' } : record
    case 'silent':
      return record.stage === 'wallet' ? { ...record, stage: 'silent' } : record
    case 'looked':
      return isUnsettled(record) ? afterLook(record, event.sight, event.finalBlocks) : record
  }
}

const isSettled = ({ stage }: WriteRecord) => ['included', 'final', 'reverted', 'cancelled'].includes(stage)

function afterLook(record: WriteRecord, sight: Sight, finalBlocks: number): WriteRecord {
  const { settled, waiting, time, count, head } = sight
  if (settled?.proven && settled.success) {
    const stage = head - settled.block >= finalBlocks ? 'final' : 'included'
    return changed(record, { stage, hash: settled.hash, nonce: settled.nonce, block: settled.block, unseen: 0 })
  }
  const ours = settled && settled.from === record.account && settled.nonce >= record.firstNonce
  if (ours) {
    const stage = settled.success ? 'cancelled' : 'reverted'
    return changed(record, { stage, hash: settled.hash, nonce: settled.nonce, block: settled.block, unseen: 0 })
  }
  // A local chain takes no block back: one that is behind was started anew, and knows nothing of what was sent before.
  const restarted = finalBlocks === 0 && head < record.since
  const expired = restarted || (record.expires !== null && time > record.expires + expiryGrace)
  if (waiting && !expired) return changed(record, { stage: 'sent', nonce: waiting.nonce, block: null, unseen: 0 })

  const unseen = Math.min(record.unseen + 1, patience)
  const patient = unseen < patience
  if (patient) return { ...record, unseen, stage: record.stage === 'included' ? 'sent' : record.stage, block: null }
  if (expired) return { ...record, stage: 'expired', unseen }
  if (record.hash === null) return changed(record, { unseen })
  const taken = record.nonce !== null && count > record.nonce
  const stage = taken ? 'cancelled' : record.nonce === null ? 'missing' : 'dropped'
  return changed(record, { stage, block: null, unseen })
}

function changed(record: WriteRecord, changes: Partial<WriteRecord>): WriteRecord {
  const same = Object.entries(changes).every(([key, value]) => record[key as keyof WriteRecord] === value)
  return same ? record : { ...record, ...changes }
}
