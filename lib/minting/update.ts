import { z } from 'zod'
import { sha256 } from '../manifest/file-schema'
import { mintStages } from './stages'

/** A minter's report of its progress, which also keeps its lease alive. */
export const mintUpdateSchema = z.object({
  stage: z.enum(mintStages),
  /** Part of this stage that is done, 0 to 1. */
  done: z.number().min(0).max(1),
  /** The blob with the sealed preparation that this minter has just made. */
  preparation: sha256.optional(),
})
export type MintUpdate = z.infer<typeof mintUpdateSchema>
