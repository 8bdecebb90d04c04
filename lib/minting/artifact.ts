import { z } from 'zod'
import { artifactFileSchema } from '../manifest/artifact-file'
import { rootsSchema } from './order'
import { signedReportSchema } from './report'

/** A minted copy, before it is delivered. */
export const artifactSchema = rootsSchema.extend({
  files: z.array(artifactFileSchema).min(1),
  report: signedReportSchema,
})
export type Artifact = z.infer<typeof artifactSchema>
