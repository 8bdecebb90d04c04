import type { OutboundErrors } from '../../lib/errors/outbound'
import type { Messages } from '../messages'

export const outbound: Messages<OutboundErrors> = {
  'outbound.address-private': ({ host, address }) =>
    `“${host}” is ${address}, an address inside this server’s network: only public addresses are asked.`,
  'outbound.redirected': ({ host, location }) =>
    `“${host}” redirects to “${location}”, and redirects are not followed: give that address instead if you trust it.`,
  'outbound.timeout': ({ host, seconds }) => `“${host}” did not answer within ${seconds} s.`,
  'outbound.unreachable': ({ host, reason }) => `“${host}” cannot be reached: ${reason}.`,
}
