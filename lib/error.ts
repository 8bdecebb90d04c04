import { en } from '../messages/en'
import type { ErrorFacts } from './errors/error-facts'

export type ErrorCode = keyof ErrorFacts

/** Facts and options as an error of this code takes them. */
export type Given<Code extends ErrorCode> =
  Record<never, never> extends ErrorFacts[Code]
    ? [facts?: ErrorFacts[Code], options?: ErrorOptions]
    : [facts: ErrorFacts[Code], options?: ErrorOptions]

/**
 * The root of every error that Kinmark raises on purpose: a code, and the numbers and names that its sentence needs.
 * `message` is the English sentence, for logs and stack traces.
 */
export class KinmarkError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name: string = 'KinmarkError'
  readonly code: Code
  readonly facts: ErrorFacts[Code]

  constructor(code: Code, ...[facts, options]: Given<Code>) {
    const given = (facts ?? {}) as ErrorFacts[Code]
    // a browser has no sentences of programs
    super(Object.hasOwn(en, code) ? en[code](given) : code, options)
    this.code = code
    this.facts = given
  }
}

/** The sentence to show for anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** An error that crossed a wire as its code and facts; null for a code that this build does not know. */
export function errorFrom(code: unknown, facts: unknown): KinmarkError | null {
  if (typeof code !== 'string' || !Object.hasOwn(en, code)) return null
  return new (KinmarkError as new (code: string, facts: unknown) => KinmarkError)(code, facts)
}
