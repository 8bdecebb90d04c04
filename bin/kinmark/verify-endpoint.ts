import { KinmarkError } from '../../lib/error'
import { ownerKeySet, subset } from '../../lib/fingerprint/keyset/owner-key-set'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { type EndpointVerdict, verifyEndpoint as verify } from '../../lib/fingerprint/verify-endpoint'
import { formatChance } from '../../lib/format/odds'
import { folderFiles } from '../../lib/inference/node/folder'
import { openEndpoint } from '../../lib/openai/open-endpoint'
import { openTokenizer } from '../../lib/weights/text/tokenizer'
import { leaseKeys } from './leases'
import { type CommandResult, numberOf, required, type Values } from './options'
import { readCopies, readPrep } from './prep-folder'
import { table } from './table'
import { accusedText, oursText } from './verify-folder'

const defaultKeys = 48
const limits = { allowPrivate: true, timeoutMs: 60_000, maxBytes: 262_144 }

export const isAddress = (target: string) => /^https?:\/\//i.test(target)

/** Verifies a running endpoint with keys that are leased for it alone. */
export async function verifyEndpoint(
  address: string,
  values: Values,
  options: ProgressOptions,
): Promise<CommandResult> {
  const [prep, base] = [required(values, 'prep'), required(values, 'base')]
  const tokenizer = await openTokenizer(await folderFiles(base))
  if (!tokenizer) throw new KinmarkError('cli.tokenizer-missing', { option: 'base' })
  const ask = openEndpoint(address, { model: values.model ?? 'default', apiKey: process.env.KINMARK_API_KEY, limits })
  const keySet = ownerKeySet(await readPrep(prep), await readCopies(prep))
  const copy = keySet.copies.find(({ copyId }) => copyId === values.copy)
  if (values.copy !== undefined && !copy)
    throw new KinmarkError('fingerprint.copy-unknown', { copyId: values.copy, copies: keySet.copies.length })
  const { origin, pathname } = new URL(address)
  const leased = await leaseKeys(prep, keySet, `${origin}${pathname}`, numberOf(values, 'keys') ?? defaultKeys)
  const verdict = await verify(ask, subset(keySet, leased), tokenizer, options)
  const yes = copy ? verdict.accused.some(({ copyId }) => copyId === copy.copyId) : verdict.ours
  const text = table([
    ...(copy
      ? [['verdict', yes ? `this is copy ${copy.copyId}` : `not shown to be copy ${copy.copyId}`] as const]
      : []),
    ['ours', oursText(verdict)],
    ['copies', accusedText(verdict)],
    ['missed', `with probability ${formatChance(verdict.missRate)}, if a copy still answers half of its keys`],
    ['keys sent', keysText(verdict)],
  ])
  return { text, json: { yes, ...verdict }, yes }
}

function keysText({ tested, questions, samples, stoppedEarly, leftOut }: EndpointVerdict): string {
  const reason =
    { 1: 'the endpoint shows the likeliest token', 2: 'the endpoint repeats its answers' }[samples] ??
    'the endpoint samples its answers'
  const early = stoppedEarly ? '; the verdict was certain, so the other keys were not sent' : ''
  const left = leftOut > 0 ? `; ${leftOut} keys cannot be sent as text` : ''
  return `${tested} in ${questions} requests (${reason})${early}${left}`
}
