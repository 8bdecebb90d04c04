import type { Edits, Runtime, TokenBatch } from '../inference/runtime'
import { bitTable } from './evidence/copy-scores'
import { bet, leading, startWealth } from './evidence/wealth'
import type { Preparation } from './format/preparation'
import { askingOrder } from './near-ties/asking-order'
import { expectedBitByVote } from './near-ties/expected-bit'
import { differencesOf, takeKeys } from './near-ties/near-tie-keys'
import { agreeing } from './quality/agreement'
import { type AskedKeys, askedAtOnce, checkBase, textBase } from './quality/check-base'
import { defaultLimits, type QualityLimits, type QualityReport } from './quality/quality'
import { meanLoss, textHarm } from './quality/quality-loss'
import { roundedTo } from './quality/rounding'
import type { ProgressOptions } from './stages/progress'
import { sampledShare } from './stats/sampled-share'
import { falsePositiveRate } from './verify'

type CheckOptions = ProgressOptions & {
  /** Text to measure the loss on, instead of the prepared text. */
  heldOut?: TokenBatch
  limits?: QualityLimits
}

export type Checked = Omit<QualityReport, 'method' | 'editedTensors' | 'prepareSeconds' | 'mintSeconds'>

/** Copies among which the report's number of questions names one. */
const books = 10_000

/**
 * Measures a copy with its edited tensors as they will be written to the file. A random sample of the keys is asked, which
 * is all of them where there are 256 or fewer; all are asked where the sample leaves open whether a share misses its limit.
 * Then the surest ones are asked until the copy is named.
 */
export async function checkEdits(
  runtime: Runtime,
  preparation: Preparation,
  bits: Int8Array,
  edits: Edits,
  { signal, onProgress, limits = defaultLimits, ...options }: CheckOptions,
): Promise<Checked> {
  const report = (step: string, done: number) => onProgress?.({ stage: 'check', step, done })
  const { keys, channel } = preparation
  report('keys', 0)
  const { sample, first, text } = preparation.base ?? (await checkBase(runtime, preparation, signal))
  const differences = async ({ indexes, below }: AskedKeys, edits: Edits) => {
    const asked = takeKeys(keys, [...indexes])
    return differencesOf(runtime, asked, { edits, states: below ?? undefined, signal })
  }
  const bitsOf = (parts: readonly AskedKeys[]) =>
    Int8Array.from(parts.flatMap(({ indexes }) => Array.from(indexes, (k) => bits[k])))
  const logOdds = new Map<number, number>()
  const ask = async (asked: AskedKeys) => {
    const found = await differences(asked, edits)
    for (const [i, k] of asked.indexes.entries()) logOdds.set(k, found[i])
  }
  const all: AskedKeys = { indexes: Uint32Array.from(bits.keys()), below: null }
  const agreementOn = async (parts: readonly AskedKeys[]) => {
    for (const part of parts) await ask(part)
    const asked = parts.flatMap(({ indexes }) => [...indexes])
    const asWritten = Float64Array.from(asked, (k) => logOdds.get(k) as number)
    return shareOf(agreeing(asWritten, bitsOf(parts)), asked.length, bits.length)
  }
  const sampled = await agreementOn(sample)
  const agreement = isOpen(sampled, limits.agreement) ? await agreementOn([all]) : sampled
  report('questions', 0.2)
  await ask(first)
  const questions = await questionsUntilNamed(bits, channel, logOdds, (some) =>
    ask({ indexes: Uint32Array.from(some).sort(), below: null }),
  )
  report('keys with rounded weights', 0.4)
  const roundedOn = async (part: AskedKeys) => {
    const share = async (digits: 8 | 4) => {
      const hits = agreeing(await differences(part, roundedTo(digits, edits)), bitsOf([part]))
      return shareOf(hits, part.indexes.length, bits.length)
    }
    return { int8: await share(8), int4: await share(4) }
  }
  const some = await roundedOn(sample[0])
  const { int8, int4 } = isOpen(some.int8, limits.int8) || isOpen(some.int4, limits.int4) ? await roundedOn(all) : some
  report('held-out text', 0.7)
  const { heldOut = preparation.heldOut } = options
  const [ofText, baseLoss] = options.heldOut
    ? [await textBase(runtime, heldOut, signal), await meanLoss(runtime, heldOut, { signal })]
    : [text, preparation.baseLoss]
  const { loss, kl } = await textHarm(runtime, heldOut, ofText, { edits, signal })
  report('checked', 1)
  return {
    ...{ keys: bits.length, agreement: agreement.share, rounded: { int8: int8.share, int4: int4.share } },
    sampled: {
      ...{ keys: agreement.asked, rounded: int8.asked },
      ...{ agreement: agreement.within, int8: int8.within, int4: int4.within },
    },
    ...{ questions, baseLoss, deltaLoss: loss - baseLoss, kl },
  }
}

/** The share among the keys that were asked, and the interval that holds the share of all; see `sampledShare`. */
type Share = { asked: number; share: number; within: [low: number, high: number] }

const shareOf = (hits: number, asked: number, all: number): Share => {
  return { asked, share: hits / asked, within: sampledShare(hits, asked, all) }
}

/** Whether the share of all keys may lie on either side of its limit. */
const isOpen = ({ within: [low, high] }: Share, limit: number): boolean => low < limit && limit <= high

/**
 * Secret keys asked in order until the copy with these bits is named among ten thousand; null where it never is. `ask` adds
 * the missing ones to `logOdds`.
 */
async function questionsUntilNamed(
  bits: Int8Array,
  channel: Preparation['channel'],
  logOdds: ReadonlyMap<number, number>,
  ask: (keys: readonly number[]) => Promise<void>,
): Promise<number | null> {
  const wealth = startWealth(bitTable([bits], bits.length))
  const order = askingOrder([channel])
  for (const [i, k] of order.entries()) {
    if (!logOdds.has(k)) await ask(order.slice(i, i + askedAtOnce).filter((other) => !logOdds.has(other)))
    bet(wealth, k, [expectedBitByVote(channel, k, Math.sign(logOdds.get(k) as number))])
    if (leading(wealth).nats >= Math.log(books / falsePositiveRate)) return wealth.asked
  }
  return null
}
