import type { Address, Hex } from 'viem'
import type { CopyState } from '../chain/states'

export type MintingErrors = {
  'minting.app-failed': { status: number }
  /** The app could not be asked: it is being restarted, or the network is gone. */
  'minting.app-unreachable': { url: string; reason: string }
  'minting.artifact-root': { announced: Hex; found: Hex }
  'minting.blob-foreign': { blob: string }
  'minting.blob-missing': { blob: string }
  'minting.blob-too-short': { path: string; needed: number; available: number }
  'minting.bond-reserved': { free: bigint; penalty: bigint }
  'minting.file-missing': { path: string }
  'minting.key-pool-differs': { held: string; committed: Hex }
  'minting.key-pool-foreign': { committed: Hex }
  'minting.keys-missing': { copy: string }
  'minting.lease-over': Record<never, never>
  'minting.link-invalid': Record<never, never>
  'minting.listening-lost': { tries: number }
  'minting.not-deliverable': { copy: string; state: CopyState | 'none' }
  'minting.quote-invalid': { quote: string }
  'minting.report-signer': { signer: Address; recovered: Address | null }
  'minting.seed-missing': { copy: string }
  'minting.seed-unknown': Record<never, never>
  'minting.segments-size': { path: string; size: number; segments: number }
  'minting.token-wrong': Record<never, never>
  'minting.tokenizer-missing': { model: string }
  'minting.transaction-reverted': { transaction: Hex }
  /** `status`: what the app’s or the bucket’s server answered. */
  'minting.transfer-refused': { status: number }
  'minting.unexpected': { reason: string }
  'minting.variable-invalid': { variable: string; reason: string }
}
