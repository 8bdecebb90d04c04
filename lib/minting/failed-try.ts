import { z } from 'zod'

const failureSchema = z
  .object({ code: z.string().max(100), facts: z.record(z.string(), z.unknown()) })
  .refine(({ facts }) => JSON.stringify(facts).length <= 20_000, 'has too many facts')

/** A minter's report of a failed try. `final`: no other try can succeed. */
export const failedTrySchema = z.object({ failure: failureSchema, final: z.boolean() })
export type FailedTry = z.infer<typeof failedTrySchema>
