import 'server-only'
import { log } from '../../log'
import { requestIdHeader, requestIdOf, withRequestId } from '../../request-id'
import { metrics } from '../context/metrics'
import { onEveryRequest } from './on-request'
import type { RouteNames } from './route-names'

/**
 * Gives every request of this process an id, hands it back in a header, and counts and times the answers by route and
 * status. An id that the request brings is kept where it is a UUID.
 */
export function watchRequests(nameOf: RouteNames): void {
  onEveryRequest((request, response, pass) => {
    const id = requestIdOf(request.headers[requestIdHeader]?.toString())
    request.headers[requestIdHeader] = id
    response.setHeader(requestIdHeader, id)
    const route = nameOf((request.url ?? '').split('?')[0])
    const method = request.method ?? ''
    const startedAt = performance.now()
    response.once('close', () => {
      // A visitor who leaves before the answer has seen no status.
      const status = response.headersSent ? response.statusCode : 499
      const seconds = (performance.now() - startedAt) / 1000
      metrics().requests.inc({ route, method, status })
      metrics().requestSeconds.observe({ route, method }, seconds)
      log.debug({ request: id, method, route, status, seconds }, 'A request was answered.')
    })
    return withRequestId(id, pass)
  })
}
