import type { Blobs } from './blobs'

/** Bytes `from` (inclusive) to `to` (exclusive) of a blob, in memory. */
export async function readBlob(
  blobs: Pick<Blobs, 'read'>,
  sha256: string,
  from?: number,
  to?: number,
): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of blobs.read(sha256, from, to)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
