import { z } from 'zod'
import { fileSchema, sha256 } from './file-schema'

const whole = z.number().int().nonnegative()

/** `length` bytes of a blob from `offset` on. */
const segmentSchema = z.object({ blob: sha256, offset: whole, length: whole })
export type Segment = z.infer<typeof segmentSchema>

/** A file of a copy as the segments that it consists of: the base's bytes, with edited tensors in between. */
export const artifactFileSchema = fileSchema.extend({ segments: z.array(segmentSchema) })
export type ArtifactFile = z.infer<typeof artifactFileSchema>
