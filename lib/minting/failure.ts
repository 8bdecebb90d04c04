import { type ErrorCode, KinmarkError, messageOf } from '../error'
import { storable } from '../manifest/storable'
import { errorOfFacts, jsonFacts } from '../problem'
import type { FailedTry } from './failed-try'

/** Why a try failed: an error's code and facts, as JSON. */
export type Failure = FailedTry['failure']

const reasonLimit = 900

/** Anything thrown, as a failure that a database takes. An error of another program becomes `minting.unexpected`. */
export function failureOf(error: unknown): Failure {
  const isOurs = error instanceof KinmarkError
  const code: ErrorCode = isOurs ? error.code : 'minting.unexpected'
  const facts = isOurs ? jsonFacts(error.facts) : { reason: messageOf(error).slice(0, reasonLimit) }
  const texts = Object.entries(facts).map(([name, fact]) => [name, typeof fact === 'string' ? storable(fact) : fact])
  return { code, facts: Object.fromEntries(texts) }
}

export function errorOfFailure({ code, facts }: Failure): KinmarkError {
  return errorOfFacts(code, facts) ?? new KinmarkError('minting.unexpected', { reason: code })
}
