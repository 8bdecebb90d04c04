import { KinmarkError } from '../../lib/error'
import { ownerKeySet, subset } from '../../lib/fingerprint/keyset/owner-key-set'
import type { ProgressOptions } from '../../lib/fingerprint/stages/progress'
import { type EndpointVerdict, verifyEndpoint as verify } from '../../lib/fingerprint/verify-endpoint'
import { folderFiles } from '../../lib/inference/node/folder'
import { openEndpoint } from '../../lib/openai/open-endpoint'
import { openTokenizer } from '../../lib/weights/text/tokenizer'
import { leaseKeys } from './leases'
import { type Answer, numberOf, required, type Values } from './options'
import { readCopies, readPrep } from './prep-folder'
import { chance, table } from './table'
import { evidence, named } from './verify-folder'

const defaultKeys = 48
const limits = { allowPrivate: true, timeoutMs: 60_000, maxBytes: 262_144 }

export const isAddress = (target: string) => /^https?:\/\//i.test(target)

/** Is this running endpoint a copy, and whose? It is asked keys that are leased for it alone. */
export async function verifyEndpoint(address: string, values: Values, watch: ProgressOptions): Promise<Answer> {
  const [prep, base] = [required(values, 'prep'), required(values, 'base')]
  const tokenizer = await openTokenizer(await folderFiles(base))
  if (!tokenizer) throw new KinmarkError('cli.tokenizer-missing', { option: 'base' })
  const ask = openEndpoint(address, { model: values.model ?? 'default', apiKey: process.env.KINMARK_API_KEY, limits })
  const whole = ownerKeySet(await readPrep(prep), await readCopies(prep))
  const copy = whole.copies.find(({ copyId }) => copyId === values.copy)
  if (values.copy !== undefined && !copy)
    throw new KinmarkError('fingerprint.copy-unknown', { copyId: values.copy, copies: whole.copies.length })
  const { origin, pathname } = new URL(address)
  const leased = await leaseKeys(prep, whole, `${origin}${pathname}`, numberOf(values, 'keys') ?? defaultKeys)
  const found = await verify(ask, subset(whole, leased), tokenizer, watch)
  const yes = copy ? found.accused.some(({ copyId }) => copyId === copy.copyId) : found.ours
  const text = table([
    ...(copy
      ? [['verdict', yes ? `this is copy ${copy.copyId}` : `not shown to be copy ${copy.copyId}`] as const]
      : []),
    ['ours', `${found.ours ? 'yes' : 'no'}: ${evidence(found)}`],
    ['whose', named(found)],
    ['missed', `chance ${chance(found.missRate)} for a copy that still answers half of its keys`],
    ['asked', asked(found)],
  ])
  return { text, json: { yes, ...found }, yes }
}

function asked({ tested, questions, samples, stoppedEarly, leftOut }: EndpointVerdict): string {
  const how =
    { 1: 'the endpoint says which token is likeliest', 2: 'it repeats itself' }[samples] ?? 'it draws its answers'
  const early = stoppedEarly ? '; certain, so the rest was not asked' : ''
  const left = leftOut > 0 ? `; ${leftOut} keys cannot be sent as text` : ''
  return `${tested} keys in ${questions} questions (${how})${early}${left}`
}
