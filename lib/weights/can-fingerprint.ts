import { LegacyError } from '../error'
import type { ModelConfig } from './config/config'
import { families } from './config/families'
import { downProjOf, familyRow } from './config/tensor-names'

/**
 * Refuses a model whose copies cannot be told apart yet. The method moves the last residual through matrices that write
 * straight into it, and reads answers off an RMSNorm and a linear head: a norm behind the MLP (Gemma 2 and 3, OLMo 2),
 * a centred norm (GPT-2, GPT-NeoX) and capped logits each need their own algebra.
 */
export function assertCanFingerprint(config: ModelConfig): void {
  const { norm, layout } = downProjOf(config, 0)
  if (norm === null && layout === 'out-in' && familyRow(config).norm !== 'layer' && config.logitCap === null) return
  const able = Object.entries(families).flatMap(([name, row]) =>
    row.norm !== 'layer' && !('mlpPostNorm' in row.parts) ? [name] : [],
  )
  throw new LegacyError(
    `Models of the family “${config.family}” can be run and verified, but their copies cannot be fingerprinted yet: ${able.join(', ')} can.`,
    { facts: { family: config.family } },
  )
}
