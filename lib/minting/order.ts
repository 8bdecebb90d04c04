import { z } from 'zod'
import { bytes32 } from '../chain/schemas'
import { fileSchema, sha256 } from '../manifest/file-schema'
import { mintJobSchema } from './job'
import { leaseIdSchema } from './lease'

export const rootsSchema = z.object({
  artifactRoot: bytes32,
  fingerprintRoot: bytes32,
  responsesRoot: bytes32,
  /** SHA-256 of the sealed files; see lib/minting/sealed-copy.ts. */
  ciphertextHash: bytes32,
})
export type Roots = z.infer<typeof rootsSchema>

/** Everything that a minter needs to mint one copy. Secret: it holds the buyer's seed and the version's secret. */
export const mintOrderSchema = z.object({
  lease: leaseIdSchema,
  /** The id of the request for its quote, under which everything about it is logged. */
  request: z.string().nullable(),
  job: mintJobSchema,
  /** The version's files. */
  files: z.array(fileSchema),
  buyerSeed: bytes32,
  /** The version's secret. */
  secret: bytes32,
  /** The blob with the version's sealed preparation. */
  preparation: sha256,
  /** The roots of a copy that was minted and not delivered yet. */
  minted: rootsSchema.nullable(),
})
export type MintOrder = z.infer<typeof mintOrderSchema>
