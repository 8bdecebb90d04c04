import { z } from 'zod'
import { bytes32, copyIdSchema, hex, modelIdSchema } from '../chain/schemas'

const siblings = z.array(bytes32).max(64)

const eighth = z.int().min(0).max(7)
const count = z.int().positive()

/**
 * Keys of a drawn eighth that the minter opens on the chain, so that the panel can convict: those of a copy that is said to
 * have leaked, or those in the pool of a version that another model is said to descend from.
 */
export const openingSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('leak'),
    copyId: copyIdSchema,
    eighth,
    codeword: z.object({ poolRoot: bytes32, responsesRoot: bytes32, count }),
    keys: z.array(z.object({ pooled: hex, response: hex, poolSiblings: siblings, responseSiblings: siblings })),
  }),
  z.object({
    kind: z.literal('parent'),
    modelId: modelIdSchema,
    version: z.int().positive(),
    eighth,
    count,
    keys: z.array(z.object({ pooled: hex, siblings })),
  }),
])
export type Opening = z.infer<typeof openingSchema>
