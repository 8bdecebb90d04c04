import { z } from 'zod'
import { bytes32, copyIdSchema, modelIdSchema } from '../chain/schemas'

/**
 * The work on one order. After a roll-back the chain may give a copy's number to another order, so an order is named by
 * copy, files and seed together.
 */
export const mintJobSchema = z.object({
  copyId: copyIdSchema,
  modelId: modelIdSchema,
  version: z.number().int().positive(),
  manifestRoot: bytes32,
  buyerSeedHash: bytes32,
})
export type MintJob = z.infer<typeof mintJobSchema>

/** The columns that name an order. */
export type OrderId = Pick<MintJob, 'copyId' | 'manifestRoot' | 'buyerSeedHash'>

/** One string for one order, where a string is needed; nothing reads it apart. */
export function jobKey({ copyId, manifestRoot, buyerSeedHash }: OrderId): string {
  return `${copyId}:${manifestRoot}:${buyerSeedHash}`
}
