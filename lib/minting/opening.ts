import { z } from 'zod'
import { bytes32, copyIdSchema, hex } from '../chain/schemas'

const siblings = z.array(bytes32).max(64)

/** Keys of a drawn eighth that the minter opens on the chain, so that the panel can convict. */
export const openingSchema = z.object({
  copyId: copyIdSchema,
  eighth: z.int().min(0).max(7),
  codeword: z.object({ poolRoot: bytes32, responsesRoot: bytes32, count: z.int().positive() }),
  keys: z.array(z.object({ pooled: hex, response: hex, poolSiblings: siblings, responseSiblings: siblings })),
})
export type Opening = z.infer<typeof openingSchema>
