import { z } from 'zod'
import { copyIdSchema } from '../chain/schemas'

/** A refused copy that its minter has to answer. `isMinted`: what is on the chain is what was minted and measured. */
export const refusalSchema = z.object({ copyId: copyIdSchema, isMinted: z.boolean() })
export type Refusal = z.infer<typeof refusalSchema>
