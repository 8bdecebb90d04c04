import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Whether an address points to this machine or its network instead of the internet (RFC 6890). Only addresses that are
 * known to be public pass: tunnels that carry an IPv4 address (6to4, NAT64, Teredo) and text that is no address do not.
 */
export function isPrivate(address: string): boolean {
  const bare = address.replace(/^\[|\]$/g, '')
  if (isIP(bare) === 0) return true
  const parsed = ipaddr.process(bare) // an IPv4-mapped IPv6 address becomes its IPv4 address
  if (parsed.range() !== 'unicast') return true
  return parsed instanceof ipaddr.IPv6 && !parsed.match(globalUnicast)
}

/** Which addresses may be asked: those of the internet, this machine’s own as well, or all. */
export type Reach = 'public' | 'loopback' | 'any'

export function reaches(address: string, reach: Reach): boolean {
  if (reach === 'any' || !isPrivate(address)) return true
  return reach === 'loopback' && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback'
}
