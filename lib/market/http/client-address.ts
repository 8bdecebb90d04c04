import 'server-only'
import type { IncomingMessage } from 'node:http'
import ipaddr from 'ipaddr.js'
import { onEveryRequest } from './on-request'

type Headers = Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string } }

/**
 * The address of whoever sent a request: the peer of its connection, or where that is one of our proxies, the last address
 * in X-Forwarded-For that is not. Anyone can write that header, so it counts only where a proxy of ours wrote it.
 * `proxies` are addresses and CIDR ranges.
 */
export function clientAddress(peer: string, forwardedFor: string | undefined, proxies: readonly string[]): string {
  const chain = (forwardedFor ?? '').split(',').map((part) => part.trim())
  let at = peer
  while (isProxy(at, proxies)) {
    const before = chain.pop()
    if (!before || !ipaddr.isValid(before)) break
    at = before
  }
  return normal(at)
}

/** What limits count a request by: its sender's address. */
export function addressKey(request: Request): string {
  return limitKey(request.headers.get('x-forwarded-for') ?? '')
}

/** An IPv6 subscriber has a whole /64, so that a limit counts it as one. */
export function limitKey(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown'
  const parsed = ipaddr.process(address)
  return parsed.kind() === 'ipv4'
    ? parsed.toString()
    : `${parsed.toNormalizedString().split(':').slice(0, 4).join(':')}::/64`
}

/**
 * Rewrites the forwarding headers of every request of this process before anything reads them: X-Forwarded-For becomes the
 * one address that `clientAddress` finds, and other forwarding headers stay only where one of our proxies sent them.
 */
export function guardForwardingHeaders(proxies: readonly string[]): void {
  onEveryRequest((request, _, pass) => {
    cleanHeaders(request, proxies)
    return pass()
  })
}

export function cleanHeaders({ headers, socket }: Headers, proxies: readonly string[]): void {
  const peer = socket.remoteAddress ?? ''
  const address = clientAddress(peer, headers['x-forwarded-for']?.toString(), proxies)
  if (!isProxy(peer, proxies))
    for (const name of ['forwarded', 'x-forwarded-host', 'x-forwarded-proto', 'x-forwarded-port', 'x-real-ip'])
      delete headers[name]
  headers['x-forwarded-for'] = address
}

function isProxy(address: string, proxies: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  return proxies.some((proxy) => {
    const [range, bits] = proxy.includes('/') ? ipaddr.parseCIDR(proxy) : [ipaddr.process(proxy), null]
    if (range.kind() !== parsed.kind()) return false
    return parsed.match(range as never, (bits ?? (range.kind() === 'ipv4' ? 32 : 128)) as never)
  })
}

const normal = (address: string) => (ipaddr.isValid(address) ? ipaddr.process(address).toString() : address)
