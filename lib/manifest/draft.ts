import { z } from 'zod'
import { fileSchema } from './file-schema'

/** A model that is being published, as the API answers it. The server stores it, so it survives a closed tab. */
export const draftSchema = z.object({
  id: z.uuid(),
  files: z.array(fileSchema.extend({ uploaded: z.boolean() })),
  manifestRoot: z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]),
  /** Set once every file is stored, its hash checked and the model inspected. */
  metadataURI: z.string().nullable(),
  /** Unix seconds. */
  createdAt: z.number().int(),
})
export type Draft = z.infer<typeof draftSchema>
