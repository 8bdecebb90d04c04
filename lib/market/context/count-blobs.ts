import 'server-only'
import type { Blobs } from '../../storage/blobs'
import { metrics } from './metrics'

/** The same store, whose bytes are counted for the metrics. */
export function countBlobs(blobs: Blobs): Blobs {
  const count = (direction: 'read' | 'written', bytes: number) => metrics().blobBytes.inc({ direction }, bytes)
  return {
    ...blobs,
    async put(bytes, expected) {
      const blob = await blobs.put(bytes, expected)
      count('written', blob.size)
      return blob
    },
    async *read(sha256, from, to) {
      for await (const chunk of blobs.read(sha256, from, to)) {
        count('read', chunk.byteLength)
        yield chunk
      }
    },
  }
}
