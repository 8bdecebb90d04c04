import { z } from 'zod'

/** Names a minter's lease of a job: the job's id, and how often the job was tried before. */
export const leaseIdSchema = z.object({ id: z.uuid(), attempt: z.coerce.number().int().min(0).max(9999) })
export type LeaseId = z.infer<typeof leaseIdSchema>
