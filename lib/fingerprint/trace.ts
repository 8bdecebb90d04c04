import { KinmarkError } from '../error'
import { type BitTable, bitTable } from './evidence/copy-scores'
import type { Preparation } from './format/preparation'
import { isDisclosed } from './keyset/is-disclosed'
import type { MintedCopy } from './keyset/minted-copy'
import { copyBits } from './near-ties/copy-bits'
import { judgeAnswers } from './near-ties/judge-answers'
import { logOddsResiduals } from './near-ties/log-odds-residuals'
import type { TieChannel } from './near-ties/tie-channel'
import { falsePositiveRate, type VotesAndLogOdds } from './verify'

export type Accusation = {
  copyId: string
  /** Evidence against the copy, −log of its exact p-value, nats, before the union over all copies. */
  nats: number
  /** Bound on the probability that anything like this accuses any innocent copy: after the union over all copies. */
  falseAccusation: number
}

export type Trace = {
  /** Keys that count as evidence, and those of them that were answered with one of their two answers. */
  tested: number
  answered: number
  /** Copies that were judged. */
  copies: number
  /** Those that gave the answers, surest first. “No one” is a normal answer. */
  accused: Accusation[]
}

/** What `trace` needs of a preparation. Whoever has it can name copies, and frame them: it stays on the minting side. */
export type TraceKey = Pick<Preparation, 'secret' | 'keys' | 'channel'> & {
  /** How keys answer in copies that were merged with a model that a thief could load; see `fineTuneChannels`. */
  merged?: readonly TieChannel[]
}

/** Any of these may be the channel of the model that answers. */
export const channelsOf = ({ channel, merged = [] }: TraceKey): TieChannel[] => [channel, ...merged]

/** The bits of the copies, [copies, N]. */
export function bitsOf({ secret, keys }: TraceKey, copies: readonly MintedCopy[]): BitTable {
  const count = keys.gaps.length
  return bitTable(
    copies.map(({ copyId, buyerSeed }) => copyBits(secret, copyId, buyerSeed, count)),
    count,
  )
}

/**
 * The copies that gave these answers. Disclosed keys are no evidence. `rate` bounds the probability that any innocent copy
 * is accused, whatever model answered. Throws `fingerprint.votes-count`.
 */
export function trace(
  key: TraceKey,
  copies: readonly MintedCopy[],
  { votes, logOdds }: VotesAndLogOdds,
  rate = falsePositiveRate,
): Trace {
  const { gaps } = key.keys
  const keys = gaps.length
  for (const { length } of logOdds ? [votes, logOdds] : [votes])
    if (length !== keys) throw new KinmarkError('fingerprint.votes-count', { votes: length, keys })
  const channels = channelsOf(key)
  const secretVotes = Int8Array.from(votes, (vote, k) => (isDisclosed(k) ? 0 : Math.sign(vote)))
  const secretLogOdds = logOdds?.map((value, k) => (isDisclosed(k) ? Number.NaN : (value ?? Number.NaN)))
  const residuals = secretLogOdds?.some(Number.isFinite) ? logOddsResiduals(channels, gaps, secretLogOdds) : null
  const { answered, accused, nats } = judgeAnswers(
    channels,
    { votes: secretVotes, residuals },
    bitsOf(key, copies),
    rate,
  )
  const tested = gaps.filter((_, k) => !isDisclosed(k)).length
  return {
    ...{ tested, answered, copies: copies.length },
    accused: accused.map(({ copy, falseAccusation }) => ({
      copyId: copies[copy].copyId,
      nats: nats[copy],
      falseAccusation,
    })),
  }
}
