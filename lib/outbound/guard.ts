import { lookup as resolve } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { KinmarkError } from '../error'
import { type Reach, reaches } from './address'

/** Refuses an address beyond `reach` in the URL itself. Names are checked when they are resolved. Throws `outbound.address-private`. */
export function assertReached(url: URL, reach: Reach): void {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) && !reaches(host, reach)) throw privateAddress(url, host)
}

/**
 * Checks the addresses that the socket connects to, so that a second DNS answer cannot differ from the checked one. Fails
 * with `outbound.address-private` where any of them is beyond `reach`.
 */
export function guardedLookup(url: URL, reach: Reach): LookupFunction {
  return (hostname, options, done) =>
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      const bad = addresses?.find(({ address }) => !reaches(address, reach))
      if (error || bad) return done(error ?? privateAddress(url, bad?.address ?? ''), '', 0)
      if (options.all) return done(null, addresses)
      done(null, addresses[0].address, addresses[0].family)
    })
}

/** Where a server sends a client elsewhere, which is not followed. */
export function redirected(url: URL, location: string | undefined): KinmarkError {
  return new KinmarkError('outbound.redirected', { host: url.host, location: String(location).slice(0, 120) })
}

/** What became of a request that failed. */
export function outboundError(url: URL, timeoutMs: number, cause: Error): KinmarkError {
  if (cause instanceof KinmarkError) return cause
  if (cause.name === 'AbortError' || cause.name === 'TimeoutError') return timedOut(url, timeoutMs, cause)
  const reason = (cause as NodeJS.ErrnoException).code ?? cause.message
  return new KinmarkError('outbound.unreachable', { host: url.host, reason }, { cause })
}

export function timedOut(url: URL, timeoutMs: number, cause?: Error): KinmarkError {
  return new KinmarkError('outbound.timeout', { host: url.host, seconds: timeoutMs / 1000 }, { cause })
}

function privateAddress(url: URL, address: string): KinmarkError {
  return new KinmarkError('outbound.address-private', { host: url.host, address })
}
