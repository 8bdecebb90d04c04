import { request, responseError } from '@/lib/browser/http'
import { KinmarkError } from '@/lib/error'
import type { WebFile } from '@/lib/inference/web/web-model'
import type { FileEntry } from '@/lib/manifest/manifest'

/** Bytes buffered before they become a blob, which the browser may keep on disk. */
const partSize = 2 ** 24

/**
 * Downloads files into blobs, one after another. `onProgress` gets the bytes received so far and in total.
 * Throws `download.size-mismatch` and `browser.*` errors.
 */
export async function fetchFiles(
  files: readonly FileEntry[],
  urlOf: (path: string) => string,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<WebFile[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0)
  const fetched: WebFile[] = []
  let fetchedBytes = 0
  for (const file of files) {
    const blob = await fetchOne(file, urlOf(file.path), signal, (received) =>
      onProgress(fetchedBytes + received, total),
    )
    fetchedBytes += file.size
    fetched.push({ path: file.path, file: blob })
  }
  return fetched
}

async function fetchOne(
  { path, size }: FileEntry,
  url: string,
  signal: AbortSignal,
  onReceived: (bytes: number) => void,
): Promise<Blob> {
  const response = await request(url, { signal })
  if (!response.ok || !response.body) throw await responseError(response)
  const parts: Blob[] = []
  let chunks: Uint8Array<ArrayBuffer>[] = []
  let received = 0
  let buffered = 0
  const reader = response.body.getReader()
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    chunks.push(chunk.value)
    received += chunk.value.length
    buffered += chunk.value.length
    onReceived(received)
    if (buffered < partSize) continue
    parts.push(new Blob(chunks))
    chunks = []
    buffered = 0
  }
  if (received !== size) throw new KinmarkError('download.size-mismatch', { path, size: received, expected: size })
  return new Blob([...parts, ...chunks])
}
