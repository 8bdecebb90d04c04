import { z } from 'zod'
import { sha256 } from '../manifest/file-schema'
import { minterWorkSchema } from './blob-link'

// Steps of a version's preparation, which the minters of its shares give each other through the app.

const name = z.string().regex(/^[0-9a-f]{64}$/)
const blob = z.object({ sha256, size: z.number().int().nonnegative() })

/** A step that is made, or that a minter is making: then it has no blob yet. */
export const stepSchema = z.object({ name, blob: blob.nullable() })
export type Step = z.infer<typeof stepSchema>

export const stepsRequestSchema = z.object({ work: minterWorkSchema })

/** A minter wants to make this step. */
export const stepClaimSchema = z.object({ work: minterWorkSchema, name })
export type StepClaim = z.infer<typeof stepClaimSchema>

/** `yours`: the minter that asks shall make it. Otherwise another one does, or has made this blob. */
export const claimedStepSchema = z.object({ yours: z.boolean(), blob: blob.nullable() })
export type ClaimedStep = z.infer<typeof claimedStepSchema>

/** A minter has made the step and stored the blob; without one, it makes the step no more. */
export const stepEndSchema = z.object({ work: minterWorkSchema, name, blob: blob.nullable() })
export type StepEnd = z.infer<typeof stepEndSchema>
