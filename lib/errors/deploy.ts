import type { Address, Hex } from 'viem'

export type DeployErrors = {
  'deploy.build-failed': { status: number | null }
  'deploy.build-info-missing': { folder: string }
  'deploy.contract-not-built': { contract: string }
  'deploy.file-invalid': { file: string; field: string; reason: string }
  'deploy.file-not-json': { file: string }
  'deploy.key-invalid': { variable: string }
  'deploy.option-missing': { option: string }
  'deploy.option-not-address': { option: string; value: string }
  'deploy.proxy-missing': { proxy: Address }
  'deploy.reverted': { contract: string; call: string; transaction: Hex }
  'deploy.token-balance-drifts': { token: Address; days: number; before: bigint; after: bigint }
  'deploy.tool-missing': { tool: 'forge' | 'anvil' }
}
