import { z } from 'zod'
import { signedQuoteSchema } from '../chain/quote'
import { address, bytes32, modelIdSchema } from '../chain/schemas'
import { fileSchema, sha256 } from '../manifest/file-schema'
import { failedTrySchema } from './failed-try'

/** A buyer's request for a quote, and all that a minter must hold before it promises anything. Secret. */
export const quoteRequestSchema = z.object({
  id: z.uuid(),
  modelId: modelIdSchema,
  version: z.number().int().positive(),
  termsHash: bytes32,
  buyer: address,
  buyerSeed: bytes32,
  /** The version's files. */
  files: z.array(fileSchema),
  /** The version's secret. */
  secret: bytes32,
  /** The blob with the version's sealed preparation. */
  preparation: sha256,
})
export type QuoteRequest = z.infer<typeof quoteRequestSchema>

/** A minter's answer: a signed quote, or why it makes none. */
export const quoteAnswerSchema = signedQuoteSchema.or(failedTrySchema.pick({ failure: true }))
export type QuoteAnswer = z.infer<typeof quoteAnswerSchema>
