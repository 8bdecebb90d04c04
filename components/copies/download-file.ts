import { forgetFile } from '@/lib/browser/opfs'
import { LegacyError } from '@/lib/error'
import type { FileView } from '@/lib/market/read/views'
import type { DownloadRequest } from './download.worker'

type Answer = { have?: number; sha256?: string; error?: string }

export function fileUrl(copyId: string, path: string): string {
  return `/api/copies/${copyId}/files/${path.split('/').map(encodeURIComponent).join('/')}`
}

/** Brings one file of a copy into the browser's file system and checks its hash; goes on where it stopped. */
export async function downloadFile(
  copyId: string,
  folder: string,
  file: FileView,
  signal: AbortSignal,
  onHave: (bytes: number) => void,
): Promise<void> {
  const worker = new Worker(new URL('./download.worker.ts', import.meta.url), { type: 'module' })
  const request: DownloadRequest = { folder, path: file.path, size: file.size, url: fileUrl(copyId, file.path) }
  try {
    const sha256 = await new Promise<string>((done, fail) => {
      signal.addEventListener('abort', () => fail(signal.reason))
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (data.have !== undefined) onHave(data.have)
        if (data.sha256) done(data.sha256)
        if (data.error) fail(new LegacyError(data.error))
      }
      worker.onerror = (event) => fail(new LegacyError(`“${file.path}” could not be downloaded: ${event.message}`))
      worker.postMessage(request)
    })
    if (sha256 === file.sha256) return
    worker.terminate()
    await forgetFile(folder, file.path)
    throw new LegacyError(
      `“${file.path}” arrived with SHA-256 ${sha256}, and ${file.sha256} was promised. It was thrown away; try again.`,
    )
  } finally {
    worker.terminate()
  }
}
