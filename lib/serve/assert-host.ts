import type { IncomingMessage } from 'node:http'
import { KinmarkError } from '../error'

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i

/** A page in a browser here could reach a server of this machine under a name of its own that leads to 127.0.0.1. */
export function assertHost({ headers }: IncomingMessage, { host }: { host: string }): void {
  const local = loopback.test(host.includes(':') ? `[${host}]` : host)
  if (local && !loopback.test(headers.host ?? ''))
    throw new KinmarkError('serve.host-unknown', { host: headers.host ?? '' })
}
