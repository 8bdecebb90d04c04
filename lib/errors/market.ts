import type { Address } from 'viem'

export type MarketErrors = {
  'market.body-invalid': { path: string; reason: string }
  'market.body-too-large': { bytes: number; limit: number }
  'market.case-keys-elsewhere': { case: string }
  'market.case-unknown': { case: string }
  'market.copy-not-delivered': { copy: string }
  'market.copy-not-minted': { copy: string }
  'market.copy-not-yours': { copy: string }
  'market.copy-unknown': { copy: string }
  'market.cursor-invalid': Record<never, never>
  'market.database-unusable': { reason: string }
  'market.deployment-missing': { file: string }
  'market.disk-full': Record<never, never>
  'market.draft-empty': Record<never, never>
  'market.draft-file-unknown': { path: string }
  'market.draft-published': { model: string }
  'market.draft-quota': { bytes: number; limit: number }
  'market.drafts-many': { limit: number }
  'market.draft-unknown': { draft: string }
  'market.endpoint-unknown': { path: string }
  'market.file-changed': { path: string; announced: string; found: string }
  'market.file-not-uploaded': { path: string }
  'market.file-size': { path: string; announced: number; found: number }
  'market.file-too-large': { path: string; bytes: number; limit: number }
  'market.file-unknown': { kind: 'copy' | 'model'; id: string; path: string }
  /** `request`: the id under which the log has the reason. */
  'market.internal': { request: string | null }
  'market.keys-missing': { model: string }
  'market.listening-unknown': { listening: string }
  'market.listenings-many': { limit: number }
  'market.login-pending': Record<never, never>
  'market.login-unknown': Record<never, never>
  'market.minter-not-named': { model: string; minter: Address }
  'market.message-unknown': { message: string }
  'market.model-not-yours': { model: string; controller: Address }
  'market.model-unknown': { model: string }
  'market.host-address': { url: string }
  'market.host-unknown': { copy: string; number: string }
  'market.no-faucet': { chainId: number }
  /** `host`: the address that other machines reach. */
  'market.origin-missing': { host: string }
  'market.no-local-clock': { chainId: number }
  'market.origin-foreign': { origin: string }
  'market.not-juror': { case: string }
  /** A part of the system that does not answer at the moment. */
  'market.part-away': { part: 'database' | 'files' | 'chain' }
  'market.parameter-invalid': { parameter: string; reason: string }
  'market.proposal-unknown': { model: string; proposal: string }
  'market.quote-unknown': { quote: string }
  'market.rate-limited': { uses: number; limit: number }
  'market.seed-taken': Record<never, never>
  'market.seeds-many': { limit: number }
  'market.sign-in-chain': { signed: number | null; chainId: number }
  'market.sign-in-elsewhere': { domain: string; uri: string; origins: string[] }
  'market.sign-in-expired': Record<never, never>
  'market.sign-in-invalid': { account: Address | null; domain: string }
  'market.sign-in-needed': Record<never, never>
  'market.token-invalid': Record<never, never>
  'market.token-needed': { scope: string }
  'market.token-scope': { scope: string }
  'market.tokens-many': { limit: number }
  /** `number` from 1; `limit` in characters. */
  'market.transcript-too-long': { number: number; limit: number }
  'market.variable-not-url': { variable: string; value: string }
  'market.variable-invalid': { variable: string; value: string }
  'market.variable-unknown': { variable: string; value: string; allowed: string[] }
  'market.version-unknown': { model: string; version: string }
  'market.webhook-address': { address: string }
  'market.webhook-unknown': { webhook: string }
  'market.webhooks-many': { limit: number }
  'market.visitors-copy-missing': { model: string }
  'market.weights-private': { model: string }
  /** Amounts in USDC of 6 decimals. */
  'market.prober-poor': { account: string; has: bigint; needed: bigint }
}
