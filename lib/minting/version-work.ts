import { z } from 'zod'
import { bytes32, modelIdSchema } from '../chain/schemas'
import { artifactFileSchema } from '../manifest/artifact-file'
import { fileSchema, sha256 } from '../manifest/file-schema'

/** Names one version of a model, whatever happens to the chain. */
const versionKeySchema = z.object({
  modelId: modelIdSchema,
  version: z.number().int().positive(),
  manifestRoot: bytes32,
})

/** A version whose key pool is not on the chain yet, or whose visitors' copy is missing, and all that a minter needs to make it. Secret. */
export const versionWorkSchema = versionKeySchema.extend({
  /** Names this minter’s claim. */
  claim: z.uuid(),
  files: z.array(fileSchema),
  /** The version's secret. */
  secret: bytes32,
  /** How many keys a pool has; where none is given, as many as the model's width asks for. */
  keys: z.number().int().positive().optional(),
  /** The blob with the sealed preparation; null before it was made. */
  preparation: sha256.nullable(),
  /** Whether visitors may load the version, and their copy was not minted yet. */
  visitors: z.boolean(),
  /** Into how many shares the first part of the work is split. */
  shares: z.number().int().positive(),
  /** The share that this minter makes, from 0; null for the whole, of which all shares are made. */
  share: z.number().int().nonnegative().nullable(),
})
export type VersionWork = z.infer<typeof versionWorkSchema>

/** A minter's report of its progress, which also keeps its claim on the version. */
export const preparingSchema = versionKeySchema.extend({
  /** The claim, as it was given. */
  claim: z.uuid(),
  /** Part that is done, 0 to 1. */
  done: z.number().min(0).max(1),
  /** The share that the claim is on, as it was given; none for the whole. */
  share: z.object({ part: z.number().int().nonnegative(), of: z.number().int().positive() }).optional(),
  /** The blob with the sealed preparation that this minter has just made. */
  preparation: sha256.optional(),
  /** The files of the visitors' copy that this minter has just minted. */
  visitorsCopy: z.array(artifactFileSchema).min(1).optional(),
})
export type Preparing = z.infer<typeof preparingSchema>
