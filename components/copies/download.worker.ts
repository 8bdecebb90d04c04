import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { connectionError, request, responseError } from '@/lib/browser/http'
import { fileHandle } from '@/lib/browser/opfs'
import { KinmarkError, messageOf } from '@/lib/error'

/** One file of a copy. The worker writes it in place, so that a closed tab loses nothing. */
export type DownloadRequest = { folder: string; path: string; size: number; url: string }

/** `received`: bytes stored so far. The last message is the file's hash, or an error, whose `code` is null when it is no `KinmarkError`. */
export type DownloadMessage =
  | { received: number }
  | { sha256: string }
  | { code: string | null; facts: unknown; reason: string }

const chunkSize = 4 * 1024 * 1024

/** The part of `FileSystemSyncAccessHandle` used here: TypeScript's DOM library lacks it. */
type AccessHandle = {
  read(buffer: Uint8Array, options: { at: number }): number
  write(buffer: Uint8Array, options: { at: number }): number
  truncate(size: number): void
  getSize(): number
  flush(): void
  close(): void
}

self.onmessage = async ({ data }: MessageEvent<DownloadRequest>) => {
  let handle: AccessHandle | null = null
  try {
    handle = await openFile(data)
    post({ sha256: await fill(handle, data) })
  } catch (error) {
    const { code, facts } = error instanceof KinmarkError ? error : { code: null, facts: null }
    post({ code, facts, reason: messageOf(error) })
  } finally {
    handle?.close()
  }
}

function post(message: DownloadMessage): void {
  self.postMessage(message)
}

/** Throws `download.storage-blocked` and `download.other-tab`. */
async function openFile({ folder, path }: DownloadRequest): Promise<AccessHandle> {
  try {
    const root = await navigator.storage.getDirectory()
    const file = await fileHandle(root, `${folder}/${path}`, { create: true })
    return await (file as unknown as { createSyncAccessHandle(): Promise<AccessHandle> }).createSyncAccessHandle()
  } catch (cause) {
    // Another tab that downloads the same file has it.
    if (cause instanceof DOMException && cause.name === 'NoModificationAllowedError')
      throw new KinmarkError('download.other-tab', { path }, { cause })
    throw new KinmarkError('download.storage-blocked', {}, { cause })
  }
}

/** Appends a chunk. Throws `download.no-space`. */
async function append(handle: AccessHandle, chunk: Uint8Array, at: number, { path, size }: DownloadRequest) {
  let written = 0
  let cause: unknown
  try {
    written = handle.write(chunk, { at })
  } catch (error) {
    cause = error
  }
  if (written === chunk.length) return
  const { quota, usage } = await navigator.storage.estimate().catch(() => ({ quota: undefined, usage: undefined }))
  const free = quota === undefined || usage === undefined ? null : Math.max(0, quota - usage)
  throw new KinmarkError('download.no-space', { path, needed: size - at, free }, { cause })
}

async function fill(handle: AccessHandle, download: DownloadRequest): Promise<string> {
  const { path, size, url } = download
  const hash = sha256.create()
  if (handle.getSize() > size) handle.truncate(0)
  let received = 0
  for (const stored = handle.getSize(); received < stored; ) {
    const chunk = new Uint8Array(Math.min(chunkSize, stored - received))
    const read = handle.read(chunk, { at: received })
    hash.update(chunk.subarray(0, read))
    received += read
    post({ received })
  }
  if (received < size) {
    const response = await request(url, received > 0 ? { headers: { range: `bytes=${received}-` } } : undefined)
    if (!response.ok || !response.body) throw await responseError(response)
    if (received > 0 && response.status !== 206) throw new KinmarkError('download.resume-unsupported', { path })
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await reader.read().catch((cause) => {
        throw new KinmarkError(connectionError(), {}, { cause })
      })
      if (done) break
      await append(handle, value, received, download)
      hash.update(value)
      received += value.length
      post({ received })
    }
    handle.flush()
  }
  if (received !== size) throw new KinmarkError('download.size-mismatch', { path, size: received, expected: size })
  return bytesToHex(hash.digest())
}
