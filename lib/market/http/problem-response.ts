import 'server-only'
import { KinmarkError } from '../../error'
import { log } from '../../log'
import { isDiskFull, partAway } from '../../part-away'
import { type Problem, problemMediaType, problemOf } from '../../problem'
import { requestId } from '../../request-id'
import { metrics } from '../context/metrics'
import { HttpError } from './http-error'

/** Not signed in, not allowed, too often: whoever watches the log sees attempts. */
const refusals = new Set([401, 403, 429])
/** After how long it is worth trying again where a part does not answer. */
const retrySeconds = 5

/**
 * Anything thrown, as a problem. Errors of ours that have no status get 400, a part that does not answer 503, a full disk
 * 507; any other error is logged and gets 500.
 */
export function problemOfError(error: unknown): Problem {
  if (error instanceof HttpError) {
    const { code, status } = error
    if (refusals.has(status)) log.info({ code, status }, 'A request was refused.')
    return problemOf(error, status)
  }
  if (error instanceof KinmarkError) return problemOf(error, 400)
  const part = partAway(error)
  if (part) {
    metrics().away.inc({ part })
    log.warn({ err: error, part }, 'A request failed because a part does not answer.')
    return problemOf(new KinmarkError('market.part-away', { part }), 503)
  }
  log.error({ err: error }, 'A request failed.')
  if (isDiskFull(error)) return problemOf(new KinmarkError('market.disk-full'), 507)
  return problemOf(new KinmarkError('market.internal', { request: requestId() ?? null }), 500)
}

export function problemResponse(error: unknown): Response {
  const problem = problemOfError(error)
  const headers = new Headers({ 'content-type': problemMediaType, 'cache-control': 'no-store' })
  if (problem.status === 503) headers.set('retry-after', String(retrySeconds))
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}
