import 'server-only'
import { KinmarkError } from '../../error'
import { log } from '../../log'
import { type Problem, problemMediaType, problemOf } from '../../problem'
import { HttpError } from './http-error'

/** Not signed in, not allowed, too often: whoever watches the log sees attempts. */
const refusals = new Set([401, 403, 429])

/** Anything thrown, as a problem. Errors of ours that have no status get 400; other errors are logged and get 500. */
export function problemOfError(error: unknown): Problem {
  if (error instanceof HttpError) {
    const { code, status } = error
    if (refusals.has(status)) log.info({ code, status }, 'A request was refused.')
    return problemOf(error, status)
  }
  if (error instanceof KinmarkError) return problemOf(error, 400)
  log.error({ err: error }, 'A request failed.')
  return problemOf(new KinmarkError('market.internal'), 500)
}

export function problemResponse(error: unknown): Response {
  const problem = problemOfError(error)
  const headers = { 'content-type': problemMediaType, 'cache-control': 'no-store' }
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}
