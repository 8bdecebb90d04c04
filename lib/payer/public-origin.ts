/** `;`, `,` and quotes may stand in a URL’s host, and would begin something else in a header. */
const plain = /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$|^http:\/\/\[::1\](:\d{1,5})?$/
const loopback = /^(localhost|127\.0\.0\.1|\[::1\])$/

/**
 * The origin of an address that somebody announced, where a browser may be let call it: over TLS under a public name, and on
 * a `local` chain this machine. Null for all else: other schemes, addresses instead of names, and names that are not public.
 */
export function publicOrigin(url: string, local: boolean): string | null {
  if (!URL.canParse(url)) return null
  const { origin, protocol, hostname, username, password } = new URL(url)
  if (!plain.test(origin) || username !== '' || password !== '') return null
  if (local && loopback.test(hostname)) return origin
  const isName = /\.[a-z][a-z0-9-]*$/.test(hostname) && !/\.(local|localhost|internal|lan|home|arpa)$/.test(hostname)
  return protocol === 'https:' && isName ? origin : null
}
