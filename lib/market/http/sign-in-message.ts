import 'server-only'
import type { Address } from 'viem'
import { parseSiweMessage } from 'viem/siwe'
import { HttpError } from './http-error'

const maxAgeMs = 10 * 60_000
/** A visitor's clock may be ahead of ours by as much. */
const clockSkewMs = 5 * 60_000

type Expected = { origins: readonly string[]; chainId: number; nonce: string; now?: number }

/**
 * The account and the domain of an ERC-4361 message that was made for this server a moment ago. The domain is compared
 * with the configured origins and never with a header, since a page of another site chooses its own `Host`.
 * Throws `market.sign-in-…`. The signature is not checked here.
 */
export function readSignInMessage(
  message: string,
  { origins, chainId, nonce, now = Date.now() }: Expected,
): { address: Address; domain: string } {
  const signed = parseSiweMessage(message)
  const domain = signed.domain ?? ''
  const uri = URL.canParse(signed.uri ?? '') ? new URL(signed.uri ?? '') : null
  const here = origins.map((origin) => new URL(origin)).find(({ host }) => host === domain)
  if (!here || uri?.origin !== here.origin)
    throw new HttpError(401, 'market.sign-in-elsewhere', { domain, uri: signed.uri ?? '', origins: [...origins] })
  if (signed.chainId !== chainId)
    throw new HttpError(401, 'market.sign-in-chain', { signed: signed.chainId ?? null, chainId })
  const age = now - (signed.issuedAt?.getTime() ?? Number.NEGATIVE_INFINITY)
  if (signed.nonce !== nonce || age > maxAgeMs || age < -clockSkewMs) throw new HttpError(401, 'market.sign-in-expired')
  if (!signed.address) throw new HttpError(401, 'market.sign-in-invalid', { account: null, domain })
  return { address: signed.address, domain }
}
