/** Requests to addresses that strangers chose. */
export type OutboundErrors = {
  'outbound.address-private': { host: string; address: string }
  'outbound.redirected': { host: string; location: string }
  'outbound.timeout': { host: string; seconds: number }
  /** `reason` is the system's error code or message. */
  'outbound.unreachable': { host: string; reason: string }
}
