import { z } from 'zod'

export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex')

export const fileSchema = z.object({
  path: z.string().min(1).max(200),
  /** Bytes. */
  size: z.number().int().nonnegative(),
  /** Lower-case hex without a prefix, as `sha256sum` prints it. */
  sha256,
})
