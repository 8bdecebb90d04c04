import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** Gets a file; posts `{ read }` (bytes) after each chunk, then `{ sha256 }` or `{ error }`. */
const chunkSize = 4 * 1024 * 1024

self.onmessage = async ({ data: blob }: MessageEvent<Blob>) => {
  try {
    const hash = sha256.create()
    for (let at = 0; at < blob.size; at += chunkSize) {
      const chunk = new Uint8Array(await blob.slice(at, at + chunkSize).arrayBuffer())
      hash.update(chunk)
      self.postMessage({ read: at + chunk.length })
    }
    self.postMessage({ sha256: bytesToHex(hash.digest()) })
  } catch (error) {
    self.postMessage({ error: String(error) })
  }
}
