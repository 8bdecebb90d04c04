/** A number or name that a person needs in order to act on an error. */
export type Facts = Record<string, string | number | bigint | boolean>

/**
 * The root of every error that Kinmark raises on purpose. `shortMessage` is one sentence that a person can act on:
 * it names the file or field, and the two numbers that disagree.
 */
export class KinmarkError extends Error {
  override readonly name: string = 'KinmarkError'
  readonly shortMessage: string
  readonly facts: Facts

  constructor(shortMessage: string, options: { facts?: Facts; cause?: unknown } = {}) {
    super(shortMessage, { cause: options.cause })
    this.shortMessage = shortMessage
    this.facts = options.facts ?? {}
  }
}

/** The sentence to show for anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof KinmarkError) return error.shortMessage
  if (error instanceof Error) return error.message
  return String(error)
}
