import { KinmarkError } from '../error'
import type { ModelConfig } from './config/config'
import { families } from './config/families'
import { downProjOf, familyRow } from './config/tensor-names'

/**
 * Throws `weights.cannot-fingerprint` for families that the method does not cover yet. The method moves the last
 * residual through matrices whose output is added to it directly, and assumes an RMSNorm and a linear head. A norm
 * after the MLP (Gemma 2 to 4, OLMo, EXAONE), a factor of its output (Granite), a centred norm (GPT-2, GPT-NeoX) capped logits, and experts each need different
 * algebra.
 */
export function assertCanFingerprint(config: ModelConfig): void {
  const { norm, layout } = downProjOf(config, 0)
  const direct = norm === null && config.residualScale === 1 && config.experts === null
  if (direct && layout === 'out-in' && familyRow(config).norm !== 'layer' && config.logitCap === null) return
  const supported = Object.entries(families).flatMap(([name, row]) =>
    row.norm !== 'layer' && !('mlpPostNorm' in row.parts) && !('multipliers' in row) && !('experts' in row)
      ? [name]
      : [],
  )
  throw new KinmarkError('weights.cannot-fingerprint', { family: config.family, supported })
}
