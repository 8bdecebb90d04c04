import { createPublicClient, fallback, http, type PublicClient } from 'viem'

/** Reads the chain by the first of these RPCs that answers. Requests of one moment are sent together. */
export function chainClient(rpcUrls: readonly string[]): PublicClient {
  return createPublicClient({ transport: fallback(rpcUrls.map((url) => http(url, { batch: true }))) })
}
