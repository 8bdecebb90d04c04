import type { Address, Hex } from 'viem'
import type { CopyState } from '../chain/states'

export type MintingErrors = {
  'minting.app-failed': { status: number }
  'minting.artifact-root': { announced: Hex; found: Hex }
  'minting.blob-missing': { blob: string }
  'minting.blob-too-short': { path: string; needed: number; available: number }
  'minting.delivery-reverted': { copy: string; transaction: Hex }
  'minting.lease-over': Record<never, never>
  'minting.not-deliverable': { copy: string; state: CopyState | 'none' }
  'minting.report-signer': { signer: Address; recovered: Address | null }
  'minting.seed-missing': { copy: string }
  'minting.segments-size': { path: string; size: number; segments: number }
  'minting.token-wrong': Record<never, never>
  'minting.unexpected': { reason: string }
  'minting.variable-invalid': { variable: string; reason: string }
}
