import { z } from 'zod'
import { sha256 } from '../manifest/file-schema'

/**
 * The work for which a minter loads and stores blobs: a lease, a claim on a version or on a listening, or a request for a quote.
 * `attempt` counts the tries of a lease; it is 0 for the others.
 */
export const minterWorkSchema = z.object({
  kind: z.enum(['order', 'version', 'quote', 'listening']),
  id: z.uuid(),
  attempt: z.coerce.number().int().min(0).max(9999),
})
export type MinterWork = z.infer<typeof minterWorkSchema>

const size = z.coerce.number().int().nonnegative()

/** A minter asks for a link by which it loads a blob of its work, or stores one of `size` bytes. */
export const linkRequestSchema = z.discriminatedUnion('method', [
  z.object({ method: z.literal('GET'), work: minterWorkSchema, sha256 }),
  z.object({ method: z.literal('PUT'), work: minterWorkSchema, sha256, size }),
])
export type LinkRequest = z.infer<typeof linkRequestSchema>

/** An address with which anyone can do this one thing for some minutes. It may be relative to the app’s. */
export const blobLinkSchema = z.object({
  /** Null: the store has the blob already. */
  url: z.string().nullable(),
  /** Bytes of the blob. */
  size,
  /** In a bucket, where the bytes wait until the app has compared their hash; null where `url` does that. */
  upload: z.string().nullable(),
})
export type BlobLink = z.infer<typeof blobLinkSchema>

/** A minter has sent all bytes of a blob to the bucket. */
export const uploadedSchema = z.object({ work: minterWorkSchema, sha256, size, upload: z.string() })
export type Uploaded = z.infer<typeof uploadedSchema>

/** What the query of the app’s own links says. `expires` in Unix seconds. */
export const signedQuerySchema = minterWorkSchema.extend({
  method: z.enum(['GET', 'PUT']),
  size,
  expires: z.coerce.number().int(),
  signature: z.string().regex(/^[0-9a-f]{64}$/),
})
export type SignedQuery = z.infer<typeof signedQuerySchema>
