import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type DetailedError, Upload } from 'tus-js-client'
import { z } from 'zod'
import { KinmarkError, messageOf } from '../../../lib/error'
import type { Draft } from '../../../lib/manifest/draft'
import { errorOfProblem } from '../../../lib/problem'
import { home, readStored, store } from './home'
import type { Site } from './site'

const placeSchema = z.object({ url: z.string() })

/**
 * Uploads the files of `folder` that a draft still lacks. An upload that was killed goes on at the byte where it stopped.
 * `onSent` gets the bytes sent so far, over all files. Throws `publish.*` and the server’s errors.
 */
export async function uploadDraft(
  site: Site,
  draft: Draft,
  folder: string,
  { onSent, signal }: { onSent(bytes: number): void; signal?: AbortSignal },
): Promise<void> {
  let before = 0
  for (const { path, size, sha256, uploaded } of draft.files) {
    if (!uploaded) {
      const place = home('uploads', `${draft.id}-${sha256}.json`)
      const known = await readStored(place, placeSchema)
      const file = { local: join(folder, path), draft: draft.id, path, place, uploadUrl: known?.url }
      await uploadOne(site, file, (sent) => onSent(before + sent), signal)
      await rm(place, { force: true })
    }
    before += size
    onSent(before)
  }
}

type LocalFile = { local: string; draft: string; path: string; place: string; uploadUrl: string | undefined }

function uploadOne(
  site: Site,
  { local, draft, path, place, uploadUrl }: LocalFile,
  onSent: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((done, fail) => {
    const upload = new Upload(createReadStream(local) as never, {
      endpoint: `${site.url}/api/uploads`,
      uploadUrl,
      headers: { authorization: `Bearer ${site.token}` },
      metadata: { draft, path },
      retryDelays: [0, 500, 1_000, 2_000, 4_000, 8_000],
      chunkSize: 8 * 2 ** 20,
      onShouldRetry: ({ originalResponse }) => {
        const status = originalResponse?.getStatus() ?? 0
        return status === 0 || status === 423 || status >= 500
      },
      onUploadUrlAvailable: () => store(place, { url: upload.url }),
      onProgress: onSent,
      onSuccess: () => done(),
      onError: (cause) => fail(uploadError(path, cause)),
    })
    signal?.addEventListener('abort', () => {
      upload.abort()
      fail(signal.reason)
    })
    upload.start()
  })
}

function uploadError(path: string, cause: Error | DetailedError): KinmarkError {
  const response = 'originalResponse' in cause ? cause.originalResponse : null
  const body = response?.getBody()
  if (!response && !('originalRequest' in cause))
    return new KinmarkError('publish.file-unreadable', { path, reason: messageOf(cause) }, { cause })
  if (!response || !body) return new KinmarkError('publish.connection-lost', { path }, { cause })
  try {
    return errorOfProblem(JSON.parse(body), response.getStatus())
  } catch {
    return new KinmarkError('publish.upload-refused', { path, reason: body.trim().slice(0, 200) }, { cause })
  }
}
