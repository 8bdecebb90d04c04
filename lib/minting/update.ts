import { z } from 'zod'
import { mintStages } from './stages'

/** A minter's report of its progress, which also keeps its lease alive. */
export const mintUpdateSchema = z.object({
  stage: z.enum(mintStages),
  /** Part of this stage that is done, 0 to 1. */
  done: z.number().min(0).max(1),
})
export type MintUpdate = z.infer<typeof mintUpdateSchema>
