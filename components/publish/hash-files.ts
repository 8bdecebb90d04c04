import type { FolderFile } from '@/lib/browser/folder'
import { KinmarkError } from '@/lib/error'
import type { FileEntry } from '@/lib/manifest/manifest'

type HashMessage = { read?: number; sha256?: string; error?: string }

/**
 * SHA-256 of every file, one after another in one worker. `onRead` gets the bytes read so far, over all files.
 * Throws `publish.file-unreadable`.
 */
export async function hashFiles(
  files: FolderFile[],
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<FileEntry[]> {
  const worker = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' })
  const stop = new Promise<never>((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)))
  try {
    const hashed: FileEntry[] = []
    let before = 0
    for (const { path, file } of files) {
      const sha256 = await Promise.race([hashOne(worker, path, file, (read) => onRead(before + read)), stop])
      before += file.size
      hashed.push({ path, size: file.size, sha256 })
    }
    return hashed
  } finally {
    worker.terminate()
  }
}

function hashOne(worker: Worker, path: string, blob: Blob, onRead: (bytes: number) => void): Promise<string> {
  return new Promise((done, fail) => {
    worker.onmessage = ({ data }: MessageEvent<HashMessage>) => {
      if (data.read !== undefined) onRead(data.read)
      if (data.sha256) done(data.sha256)
      if (data.error) fail(new KinmarkError('publish.file-unreadable', { path, reason: data.error }))
    }
    worker.onerror = ({ message }) => fail(new KinmarkError('publish.file-unreadable', { path, reason: message }))
    worker.postMessage(blob)
  })
}
