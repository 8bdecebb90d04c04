import { deleteStoredFile } from '@/lib/browser/opfs'
import { errorFrom, KinmarkError } from '@/lib/error'
import type { FileEntry } from '@/lib/manifest/manifest'
import type { DownloadMessage, DownloadRequest } from './download.worker'

export function fileUrl(copyId: string, path: string): string {
  return `/api/copies/${copyId}/files/${path.split('/').map(encodeURIComponent).join('/')}`
}

/**
 * Downloads one file of a copy into the browser's file system, resuming where it stopped, and checks its hash.
 * `onReceived` gets the bytes stored so far. Throws `download.*` and `browser.*` errors.
 */
export async function downloadFile(
  copyId: string,
  folder: string,
  file: FileEntry,
  signal: AbortSignal,
  onReceived: (bytes: number) => void,
): Promise<void> {
  const worker = new Worker(new URL('./download.worker.ts', import.meta.url), { type: 'module' })
  const request: DownloadRequest = { folder, path: file.path, size: file.size, url: fileUrl(copyId, file.path) }
  try {
    const sha256 = await new Promise<string>((done, fail) => {
      signal.addEventListener('abort', () => fail(signal.reason))
      const failed = (reason: string) => new KinmarkError('download.failed', { path: file.path, reason })
      worker.onmessage = ({ data }: MessageEvent<DownloadMessage>) => {
        if ('received' in data) onReceived(data.received)
        else if ('sha256' in data) done(data.sha256)
        else fail(errorFrom(data.code, data.facts) ?? failed(data.reason))
      }
      worker.onerror = ({ message }) => fail(failed(message))
      worker.postMessage(request)
    })
    if (sha256 === file.sha256) return
    worker.terminate()
    await deleteStoredFile(folder, file.path)
    throw new KinmarkError('download.hash-mismatch', { path: file.path, sha256, expected: file.sha256 })
  } finally {
    worker.terminate()
  }
}
