import { z } from 'zod'
import { bytes32, copyIdSchema, modelIdSchema } from '../chain/schemas'
import { fileSchema, sha256 } from '../manifest/file-schema'
import { seal, unseal } from '../sealing/seal'
import { failedTrySchema } from './failed-try'

/** Recorded answers of which a model's owner wants to know which copies wrote them, and all that a minter needs to find out. Secret. */
export const listeningWorkSchema = z.object({
  /** Names this minter's claim. */
  claim: z.uuid(),
  modelId: modelIdSchema,
  version: z.number().int().positive(),
  /** The version's files. */
  files: z.array(fileSchema),
  /** The version's secret. */
  secret: bytes32,
  /** The blob with the version's sealed preparation. */
  preparation: sha256,
  /** The blob with the sealed transcripts. */
  transcripts: sha256,
  /** The version's minted copies, the visitors' one among them. */
  copies: z.array(z.object({ copyId: copyIdSchema, buyerSeed: bytes32 })),
})
export type ListeningWork = z.infer<typeof listeningWorkSchema>

const count = z.number().int().nonnegative()

/** Which copies wrote the answers. It says nothing of the others: who may ask often could learn their bits. */
const heardSchema = z.object({
  /** Answers and tokens that were read. */
  texts: count,
  tokens: count,
  /** Those of the tokens that came with log probabilities. */
  withLogprobs: count,
  /** Copies that were judged. */
  copies: count,
  /** Surest first. `falseAccusation`: probability that any innocent copy is accused. */
  accused: z.array(z.object({ copyId: copyIdSchema, falseAccusation: z.number().min(0).max(1) })),
})
export type HeardCopies = z.infer<typeof heardSchema>

const endSchema = z.union([z.object({ heard: heardSchema }), failedTrySchema.pick({ failure: true })])

/** A minter's report, which also keeps its claim. `done`: part that is done, 0 to 1. */
export const listeningReportSchema = z.object({
  claim: z.uuid(),
  done: z.number().min(0).max(1),
  end: endSchema.optional(),
})
export type ListeningReport = z.infer<typeof listeningReportSchema>

const name = 'transcripts'

/** Transcripts in JSON lines, sealed with the version's secret: they are people's conversations. */
export function sealTranscripts(secret: Uint8Array, text: string): Uint8Array {
  return seal(secret, name, new TextEncoder().encode(text))
}

export function unsealTranscripts(secret: Uint8Array, sealed: Uint8Array): string {
  return new TextDecoder().decode(unseal(secret, name, sealed))
}
