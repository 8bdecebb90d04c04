import { z } from 'zod'
import { KinmarkError } from '../error'
import { fileSchema } from './file-schema'
import { type FileEntry, isFilePath } from './manifest'
import { plainLine } from './plain-line'
import { storable } from './storable'

const text = (length: number) => z.string().max(length).transform(storable)
/** What others wrote is shown between words of ours: it must not turn them around, or be nothing to click on. */
const line = (length: number) => text(length).transform(plainLine)

/** The JSON that a version's metadata URI names. Anybody can register any URI, so it is checked like any other input. */
const schema = z.object({
  name: line(200).transform((name) => name || 'Unnamed model'),
  summary: line(1000),
  task: line(200).nullable(),
  licence: line(200).nullable(),
  tags: z
    .array(line(200))
    .max(100)
    .transform((tags) => tags.filter(Boolean)),
  /** `model_type` of the model's config. */
  family: line(100),
  parameters: z.number().nonnegative(),
  dtype: text(20),
  /** The card's Markdown without its front matter. */
  card: text(2 ** 20),
  files: z
    .array(fileSchema)
    .min(1)
    .max(10_000)
    .refine(isManifest, 'must have paths that a folder can have, each once')
    .refine(isCountable, 'must have sizes whose sum is exact'),
  tensors: z.array(
    z.object({
      name: text(500),
      dtype: text(20),
      shape: z.array(z.number()),
      sizeBytes: z.number().int().nonnegative(),
    }),
  ),
  /** Whether visitors may load a fingerprinted copy to try it. Absent: no. */
  playground: z.boolean().optional(),
})

/** Whether `manifestTree` takes these files. */
function isManifest(files: FileEntry[]): boolean {
  return files.every(({ path }) => isFilePath(path)) && new Set(files.map(({ path }) => path)).size === files.length
}

function isCountable(files: FileEntry[]): boolean {
  return Number.isSafeInteger(files.reduce((sum, { size }) => sum + size, 0))
}

export type Metadata = z.infer<typeof schema>

/** Null for text that is not valid metadata. */
export function parseMetadata(json: string): Metadata | null {
  try {
    return schema.parse(JSON.parse(json))
  } catch {
    return null
  }
}

/** A SHA-256 in hex as a URI (RFC 6920): `ni:///sha-256;<base64url>`. */
export function hashUri(sha256: string): string {
  return `ni:///sha-256;${Buffer.from(sha256, 'hex').toString('base64url')}`
}

/** The SHA-256 in hex that a URI of `hashUri` names; null for any other URI. */
export function hashOfUri(uri: string): string | null {
  const digits = /^ni:\/\/\/sha-256;([A-Za-z0-9_-]{43})$/.exec(uri)?.[1]
  return digits ? Buffer.from(digits, 'base64url').toString('hex') : null
}

/** Bytes of the largest metadata that is read. */
export const longestText = 2 ** 26

/** A blob as UTF-8 text. Throws `storage.text-too-long` above `limit` bytes. */
export async function readText(bytes: AsyncIterable<Uint8Array>, limit = longestText): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.byteLength
    if (length > limit) throw new KinmarkError('storage.text-too-long', { limit })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
