import { type ErrorCode, KinmarkError, messageOf } from '../error'
import { errorOfFacts, jsonFacts } from '../problem'
import type { FailedTry } from './failed-try'

/** Why a try failed: an error's code and facts, as JSON. */
export type Failure = FailedTry['failure']

const reasonLimit = 900

/** Anything thrown, as a failure that can be stored. An error of another program becomes `minting.unexpected`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof KinmarkError) return { code: error.code, facts: storable(jsonFacts(error.facts)) }
  const code: ErrorCode = 'minting.unexpected'
  return { code, facts: storable({ reason: messageOf(error).slice(0, reasonLimit) }) }
}

/** Postgres takes neither NUL characters nor halves of surrogate pairs: a failure that has them could never be told. */
function storable(facts: Failure['facts']): Failure['facts'] {
  const textOf = (fact: unknown) => (typeof fact === 'string' ? fact.replaceAll('\0', '\ufffd').toWellFormed() : fact)
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, textOf(fact)])) as Failure['facts']
}

export function errorOfFailure({ code, facts }: Failure): KinmarkError {
  return errorOfFacts(code, facts) ?? new KinmarkError('minting.unexpected', { reason: code })
}
