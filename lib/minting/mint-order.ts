import { z } from 'zod'
import type { FileEntry } from '../manifest/manifest'
import { fileSchema } from '../manifest/metadata'
import { address, bytes32, hex } from '../market/http/schemas'
import { mintStages } from '../market/read/views'

/** What a minter is given to do. */
export type MintOrder = {
  /** Names the lease in every further request. */
  job: string
  copyId: string
  files: FileEntry[]
  /** Hex. */
  buyerSeed: string
  /** The version's secret, hex. */
  secret: string
  keys: number
  /** Blob with the sealed preparation, once there is one. */
  preparation: string | null
  /** Set when only the delivery is left. */
  minted: { artifactRoot: string; fingerprintRoot: string } | null
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const updateSchema = z.object({
  stage: z.enum(mintStages),
  done: z.number().min(0).max(1),
  preparation: sha256.optional(),
})
export type MintUpdate = z.infer<typeof updateSchema>

const whole = z.number().int().nonnegative()

const keyKind = z.object({ keys: whole, chance: z.number() })

export const artifactSchema = z.object({
  artifactRoot: bytes32,
  fingerprintRoot: bytes32,
  files: z
    .array(fileSchema.extend({ segments: z.array(z.object({ blob: sha256, offset: whole, length: whole })) }))
    .min(1),
  report: z.object({
    keys: whole,
    success: z.number(),
    highConfidence: keyKind,
    lowConfidence: keyKind,
    contexts: z.array(z.object({ name: z.string().max(200), success: z.number() })).max(32),
    rounded: z.object({ int8: z.number(), int4: z.number() }),
    baseLoss: z.number(),
    deltaLoss: z.number(),
    kl: z.number(),
    editedTensors: z.array(z.string()),
    prepareSeconds: z.number(),
    mintSeconds: z.number(),
    signer: address,
    signature: hex,
  }),
})
export type Artifact = z.infer<typeof artifactSchema>

export const failureSchema = z.object({ message: z.string().min(1).max(1000), final: z.boolean() })
