import { type ErrorCode, KinmarkError, messageOf } from '../error'
import { errorOfFacts, jsonFacts } from '../problem'
import type { FailedTry } from './failed-try'

/** Why a try failed: an error's code and facts, as JSON. */
export type Failure = FailedTry['failure']

const reasonLimit = 900

/** Anything thrown, as a failure. An error of another program becomes `minting.unexpected`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof KinmarkError) return { code: error.code, facts: jsonFacts(error.facts) }
  const code: ErrorCode = 'minting.unexpected'
  return { code, facts: { reason: messageOf(error).slice(0, reasonLimit) } }
}

export function errorOfFailure({ code, facts }: Failure): KinmarkError {
  return errorOfFacts(code, facts) ?? new KinmarkError('minting.unexpected', { reason: code })
}
