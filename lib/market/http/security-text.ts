import 'server-only'
import { readEnv } from '../../env'

const validMs = 180 * 86_400_000

/** Where to report weaknesses, as RFC 9116 has it; null where no contact is configured. */
export function securityText({ securityContact, origins } = readEnv(), now = Date.now()): string | null {
  if (securityContact === null) return null
  return [
    `Contact: ${securityContact}`,
    `Expires: ${new Date(now + validMs).toISOString()}`,
    'Preferred-Languages: en',
    `Canonical: ${origins[0]}/.well-known/security.txt`,
    '',
  ].join('\n')
}
