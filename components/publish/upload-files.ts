import { type DetailedError, Upload } from 'tus-js-client'
import type { FolderFile } from '@/lib/browser/folder'
import { announceSession } from '@/lib/browser/session-news'
import { KinmarkError } from '@/lib/error'
import type { Draft } from '@/lib/manifest/draft'
import { errorOfProblem } from '@/lib/problem'

/**
 * Uploads the files that the draft still lacks; an interrupted upload resumes at the byte where it stopped. `onSent` gets
 * the bytes sent so far, over all files. Throws `publish.*` errors and those of the server.
 */
export async function uploadFiles(
  draft: Draft,
  files: FolderFile[],
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<void> {
  let before = 0
  for (const { path, size, sha256, uploaded } of draft.files) {
    const local = files.find((file) => file.path === path)
    if (!uploaded) {
      if (!local) throw new KinmarkError('publish.file-missing', { path })
      await uploadOne(draft.id, path, sha256, local.file, signal, (sent) => onSent(before + sent))
    }
    before += size
    onSent(before)
  }
}

function uploadOne(
  draft: string,
  path: string,
  sha256: string,
  file: File,
  signal: AbortSignal,
  onSent: (bytes: number) => void,
): Promise<void> {
  return new Promise((done, fail) => {
    const upload = new Upload(file, {
      endpoint: '/api/uploads',
      metadata: { draft, path },
      retryDelays: [0, 500, 1_000, 2_000, 4_000, 8_000, 15_000],
      chunkSize: 8 * 1024 * 1024,
      onShouldRetry: shouldRetry,
      fingerprint: async () => `kinmark ${draft} ${sha256} ${path}`,
      removeFingerprintOnSuccess: true,
      onProgress: (sent) => onSent(sent),
      onSuccess: () => done(),
      onError: (cause) => fail(uploadError(path, cause)),
    })
    signal.addEventListener('abort', () => {
      upload.abort()
      fail(signal.reason)
    })
    upload.findPreviousUploads().then((previous) => {
      if (previous.length > 0) upload.resumeFromPreviousUpload(previous[0])
      upload.start()
    }, fail)
  })
}

/** Retries after a lost connection, a locked upload and a server error, but not after the server refused the upload. */
function shouldRetry(error: DetailedError): boolean {
  const status = error.originalResponse?.getStatus() ?? 0
  return status === 0 || status === 423 || status >= 500
}

function uploadError(path: string, cause: Error | DetailedError): KinmarkError {
  const response = 'originalResponse' in cause ? cause.originalResponse : null
  const body = response?.getBody()
  if (response?.getStatus() === 401) announceSession({ everywhere: false })
  if (!response || !body) return new KinmarkError('publish.connection-lost', { path }, { cause })
  try {
    return errorOfProblem(JSON.parse(body), response.getStatus())
  } catch {
    return new KinmarkError('publish.upload-refused', { path, reason: body.trim().slice(0, 200) }, { cause })
  }
}
