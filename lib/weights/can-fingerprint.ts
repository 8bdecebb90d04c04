import { KinmarkError } from '../error'
import type { ModelConfig } from './config/config'
import { type Family, families } from './config/families'
import { familyRow } from './config/tensor-names'

/**
 * Throws `weights.cannot-fingerprint` for families that the method does not cover yet. The method moves the last residual
 * through one matrix of every layer, and assumes an RMSNorm before the head. A centred norm (GPT-2, GPT-NeoX), a factor of
 * a whole layer's output (Gemma 4), and experts each need different algebra.
 */
export function assertCanFingerprint(config: ModelConfig): void {
  if (isCovered(familyRow(config)) && config.experts === null) return
  const supported = Object.entries(families).flatMap(([name, row]) => (isCovered(row) ? [name] : []))
  throw new KinmarkError('weights.cannot-fingerprint', { family: config.family, supported })
}

function isCovered({ norm, parts, experts }: Family): boolean {
  return norm !== 'layer' && !('layerScale' in parts) && experts === undefined
}
