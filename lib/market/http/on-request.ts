import 'server-only'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'

type Emit = (this: Server, event: string, ...given: unknown[]) => boolean

/** `pass` hands the request on; its server is what it came to. */
type Listener = (request: IncomingMessage, response: ServerResponse, pass: () => boolean, server: Server) => boolean

/** Calls `listener` with every request of this process before anything else sees it. The newest listener is the first. */
export function onEveryRequest(listener: Listener): void {
  const emit = Server.prototype.emit as Emit
  Server.prototype.emit = function (this: Server, event: string, ...given: unknown[]) {
    const pass = () => emit.call(this, event, ...given)
    if (event !== 'request') return pass()
    return listener(given[0] as IncomingMessage, given[1] as ServerResponse, pass, this)
  }
}
