import { z } from 'zod'
import type { Metadata } from '../db/schema'
import { LegacyError } from '../error'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in lower-case hex')
const size = z.number().int().nonnegative()

export const fileSchema = z.object({ path: z.string().min(1).max(200), size, sha256 })

const text = (length: number) => z.string().max(length)

/** Anybody may register any URI, so what it names is checked like any other input. */
const schema: z.ZodType<Metadata> = z.object({
  name: text(200),
  summary: text(1000),
  task: text(200).nullable(),
  licence: text(200).nullable(),
  tags: z.array(text(200)).max(100),
  family: text(100),
  parameters: z.number().nonnegative(),
  dtype: text(20),
  card: text(2 ** 20),
  files: z.array(fileSchema).max(10_000),
  tensors: z.array(z.object({ name: text(500), dtype: text(20), shape: z.array(z.number()), sizeBytes: size })),
  playground: z.boolean().optional(),
})

export function parseMetadata(json: string): Metadata | null {
  try {
    return schema.parse(JSON.parse(json))
  } catch {
    return null
  }
}

/** A hash as a name (RFC 6920): `ni:///sha-256;<base64url>`. */
export function hashUri(sha256: string): string {
  return `ni:///sha-256;${Buffer.from(sha256, 'hex').toString('base64url')}`
}

export function hashOfUri(uri: string): string | null {
  const digits = /^ni:\/\/\/sha-256;([A-Za-z0-9_-]{43})$/.exec(uri)?.[1]
  return digits ? Buffer.from(digits, 'base64url').toString('hex') : null
}

/** A blob that is known to be small text. */
export async function readText(bytes: AsyncIterable<Uint8Array>, limit = 2 ** 26): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.byteLength
    if (length > limit) throw new LegacyError(`A text of more than ${limit} bytes is not read.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
