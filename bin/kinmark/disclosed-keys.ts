import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { KinmarkError } from '../../lib/error'
import { checkEndpoint } from '../../lib/fingerprint/check-endpoint'
import { type DisclosedKeySet, verifyProofs } from '../../lib/fingerprint/keyset/disclosed-key-set'
import { openEndpoint } from '../../lib/openai/open-endpoint'

const limits = { reach: 'any' as const, timeoutMs: 60_000, maxBytes: 262_144 }
/** Probability of as many of this copy’s answers from another model at which the upstream is not believed. */
const acceptedChance = 1e-3

const hex = z.string().regex(/^0x[0-9a-fA-F]{64}$/)
const schema = z.object({
  ...{ kind: z.literal('disclosed'), copyId: z.string(), fingerprintRoot: hex, keyPoolRoot: hex, responsesRoot: hex },
  keys: z.array(z.object({ index: z.number(), ids: z.array(z.number()), pair: z.array(z.number()).length(2) })).min(1),
  ...{ responses: z.array(z.number()), proofs: z.array(z.object({ salt: z.string(), count: z.number() })) },
})

type Expected = { copyId: string; fingerprintRoot: string }

/** The disclosed keys in a file, as a copy’s page gives them to its buyer. Throws `gateway.disclosed-keys-invalid`. */
export async function readDisclosedKeys(file: string, expected: Expected): Promise<DisclosedKeySet> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new KinmarkError('cli.file-unreadable', { path: file }, { cause })
  })
  const keySet = parsed(text) as DisclosedKeySet
  const refuse = (reason: 'unreadable' | 'other-copy' | 'other-root' | 'unproved') => {
    throw new KinmarkError('gateway.disclosed-keys-invalid', { file, reason })
  }
  const { success } = schema.safeParse(keySet)
  if (!success || keySet.responses.length !== keySet.keys.length || keySet.proofs.length !== keySet.keys.length)
    refuse('unreadable')
  if (keySet.copyId !== expected.copyId) refuse('other-copy')
  if (keySet.fingerprintRoot.toLowerCase() !== expected.fingerprintRoot.toLowerCase()) refuse('other-root')
  if (!verifyProofs(keySet)) refuse('unproved')
  return keySet
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

type Asking = { upstream: URL; model: string; apiKey: string | null; signal?: AbortSignal }

/** Asks an upstream the disclosed keys. Returns what it answered. Throws `gateway.upstream-other-weights`. */
export async function assertWeights(keySet: DisclosedKeySet, { upstream, model, apiKey, signal }: Asking) {
  const base = `${upstream.origin}${upstream.pathname.replace(/\/(v1\/?)?$/, '')}`
  const chat = keySet.keys.every(({ text }) => text?.chat)
  const address = `${base}/v1/${chat ? 'chat/' : ''}completions`
  const ask = openEndpoint(address, { model, apiKey: apiKey ?? undefined, limits })
  const { answered, matching, pValue } = await checkEndpoint(ask, keySet, { signal })
  const found = { asked: keySet.keys.length, answered, matching }
  if (pValue > acceptedChance) throw new KinmarkError('gateway.upstream-other-weights', found)
  return found
}
