import { KinmarkError } from '../../lib/error'
import { assertSameBase } from '../../lib/fingerprint/edit/base-digest'
import type { Preparation } from '../../lib/fingerprint/format/preparation'
import type { MintedCopy } from '../../lib/fingerprint/keyset/minted-copy'
import { askingOrder } from '../../lib/fingerprint/near-ties/asking-order'
import { fineTuneChannels } from '../../lib/fingerprint/near-ties/fine-tunes'
import type { TieChannel } from '../../lib/fingerprint/near-ties/tie-channel'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { bitsOf, channelsOf, type TraceKey } from '../../lib/fingerprint/trace'
import { type EndpointVerdict, leastLean, verifyEndpoint as verify } from '../../lib/fingerprint/verify-endpoint'
import { formatChance, formatPercent } from '../../lib/format/odds'
import { openForFingerprinting } from '../../lib/inference/node/open-for-fingerprinting'
import { isChat, openEndpoint } from '../../lib/openai/open-endpoint'
import { openFineTune } from './fine-tune'
import { leaseKeys } from './leases'
import { type CommandResult, numberOf, required, type Values } from './options'
import { readCopies, readPrep } from './prep-folder'
import { table } from './table'
import { accusedText } from './verify-folder'

/** An ordinary prompt. Its answer tells whether the endpoint shows log probabilities, which decides on the order of the keys. */
const ordinary = 'The'

const limits = { reach: 'any' as const, timeoutMs: 60_000, maxBytes: 262_144 }

export const isAddress = (target: string) => /^https?:\/\//i.test(target)

/** Verifies a running endpoint with keys that are leased, as they are needed, for it alone. */
export async function verifyEndpoint(
  address: string,
  values: Values,
  options: ProgressOptions,
): Promise<CommandResult> {
  const prep = required(values, 'prep')
  const ask = openEndpoint(address, { model: values.model ?? 'default', apiKey: process.env.KINMARK_API_KEY, limits })
  const [preparation, copies] = [await readPrep(prep), await readCopies(prep)]
  const { copy } = values
  if (copy !== undefined && !copies.some(({ copyId }) => copyId === copy))
    throw new KinmarkError('fingerprint.copy-unknown', { copyId: copy, copies: copies.length })
  const url = new URL(address)
  const merged = values['fine-tune']
    ? await mergedChannels({ preparation, copies }, values['fine-tune'], values, options)
    : []
  const key = { ...preparation, merged }
  const { top } = await ask(ordinary, options.signal)
  const order = keysFor(key, isChat(url), top.length > 0 ? 'logOdds' : 'votes')
  const keys = leaseKeys(prep, order, `${url.origin}${url.pathname}`, numberOf(values, 'keys'))
  const verdict = await verify(ask, key, { copies, keys, ...options })
  const yes = verdict.accused.some(({ copyId }) => copy === undefined || copyId === copy)
  const text = table([
    ...(copy === undefined
      ? []
      : [['verdict', yes ? `this is copy ${copy}` : `not shown to be copy ${copy}`] as const]),
    ['named', accusedText(verdict)],
    ['evidence', evidenceText(verdict)],
    [
      'missed',
      `with probability ≤ ${formatChance(verdict.missed)}, if a copy is behind it that still leans at least ${formatPercent(leastLean)} as far as after the simulated attack`,
    ],
    ['asked', askedText(verdict)],
  ])
  return { text, json: { yes, ...verdict }, yes }
}

/** How keys answer in copies that were merged with the model in --fine-tune. */
async function mergedChannels(
  { preparation, copies }: { preparation: Preparation; copies: readonly MintedCopy[] },
  folder: string,
  values: Values,
  options: ProgressOptions,
): Promise<TieChannel[]> {
  const { model, open } = await openForFingerprinting(required(values, 'base'), () => preparation.layers)
  const fineTune = await openFineTune(folder, model.tensors)
  const runtime = await open({ more: fineTune.matrices })
  try {
    await assertSameBase(runtime, preparation)
    return await fineTuneChannels(runtime, preparation, bitsOf(preparation, copies), fineTune, options)
  } finally {
    await fineTune.close()
    await runtime.close()
  }
}

/** The secret keys, surest first: in a chat those that are a user's message, if there are any, and elsewhere the others. */
function keysFor(key: TraceKey, chat: boolean, by: 'votes' | 'logOdds'): number[] {
  const { texts } = key.keys
  const order = askingOrder(channelsOf(key), by)
  const fitting = order.filter((k) => texts?.[k].chat === chat)
  return fitting.length > 0 ? fitting : order
}

function evidenceText({ nats, goal, needed, accused }: EndpointVerdict): string {
  const left = needed === null ? 'no copy stands out' : `at this pace about ${needed} more keys are needed`
  return `${nats.toFixed(1)} of ${goal.toFixed(1)} nats against one copy while asking${accused.length > 0 ? '' : `; ${left}`}`
}

function askedText({ asked, answered, questions, samples, keysWithLogOdds, stoppedEarly }: EndpointVerdict): string {
  const why =
    keysWithLogOdds > 0
      ? 'the endpoint shows log probabilities'
      : samples === 1
        ? 'the endpoint repeats its answers'
        : 'the endpoint samples its answers'
  const early = stoppedEarly ? '; the verdict was certain, so no other key was sent' : ''
  return `${asked} keys in ${questions} requests (${why}), ${answered} answered with one of their two answers${early}`
}
