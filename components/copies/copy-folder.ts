import type { ChainConfig } from '@/lib/market/read/views'

/** The folder of a downloaded copy in this browser's file system. Chain and registry keep networks apart. */
export function copyFolder({ chainId, contracts }: Pick<ChainConfig, 'chainId' | 'contracts'>, copyId: string): string {
  return `copy-${chainId}-${contracts.copyRegistry.slice(2, 10).toLowerCase()}-${copyId}`
}
