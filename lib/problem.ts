import { type ErrorCode, errorFrom, KinmarkError } from './error'

/** An error in an HTTP answer (RFC 9457), with two members of our own: `code` and `facts`. */
export type Problem = {
  type: string
  title: string
  status: number
  /** The English sentence. */
  detail: string
  code: ErrorCode
  /** Bigints are decimal strings. */
  facts: Record<string, unknown>
}

export const problemMediaType = 'application/problem+json'

export function problemOf({ code, facts, message }: KinmarkError, status: number): Problem {
  return {
    type: `urn:kinmark:error:${code}`,
    title: titleOf(code),
    status,
    detail: message,
    code,
    facts: jsonFacts(facts),
  }
}

/** Facts as JSON can carry them. */
export function jsonFacts(facts: object): Record<string, unknown> {
  return JSON.parse(JSON.stringify(facts, (_, value) => (typeof value === 'bigint' ? String(value) : value)))
}

/** The error in an answer's JSON. With a code that this build does not know, the server's sentence is used. */
export function errorOfProblem(body: unknown, status: number): KinmarkError {
  const { code, facts, detail } = (body ?? {}) as Partial<Problem>
  const refused =
    typeof detail === 'string' ? new KinmarkError('browser.request-refused', { status, reason: detail }) : null
  return errorOfFacts(code, facts) ?? refused ?? new KinmarkError('browser.request-failed', { status })
}

/** The error with a code and facts from JSON; null where this build has no sentence for them. */
export function errorOfFacts(code: unknown, facts: unknown): KinmarkError | null {
  try {
    return errorFrom(code, facts ?? {})
  } catch {
    return null
  }
}

/** RFC 9457 wants a title that is the same for every occurrence: the words of the code. */
function titleOf(code: ErrorCode): string {
  const words = code.slice(code.indexOf('.') + 1).replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
