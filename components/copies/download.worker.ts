import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** In: one file of a copy. Out: `{ have }` as it goes, then `{ sha256 }`, or `{ error }`. Writes in place, so a closed tab loses nothing. */
export type DownloadRequest = { folder: string; path: string; size: number; url: string }

const chunkSize = 4 * 1024 * 1024

/** What this worker uses of an OPFS access handle; TypeScript's own library knows it in a worker only. */
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
    self.postMessage({ sha256: await fill(handle, data) })
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? error.message : String(error) })
  } finally {
    handle?.close()
  }
}

async function openFile({ folder, path }: DownloadRequest): Promise<AccessHandle> {
  let place = await navigator.storage.getDirectory()
  const names = [folder, ...path.split('/')]
  for (const name of names.slice(0, -1)) place = await place.getDirectoryHandle(name, { create: true })
  const file = await place.getFileHandle(names[names.length - 1], { create: true })
  return (file as unknown as { createSyncAccessHandle(): Promise<AccessHandle> }).createSyncAccessHandle()
}

async function fill(handle: AccessHandle, { path, size, url }: DownloadRequest): Promise<string> {
  const hash = sha256.create()
  if (handle.getSize() > size) handle.truncate(0)
  let have = 0
  for (const kept = handle.getSize(); have < kept; ) {
    const chunk = new Uint8Array(Math.min(chunkSize, kept - have))
    const read = handle.read(chunk, { at: have })
    hash.update(chunk.subarray(0, read))
    have += read
    self.postMessage({ have })
  }
  if (have < size) {
    const response = await fetch(url, have > 0 ? { headers: { range: `bytes=${have}-` } } : undefined)
    if (!response.ok || !response.body) {
      const body = await response.json().catch(() => null)
      throw new Error(body?.error ?? `“${path}”: the server answered ${response.status}.`)
    }
    if (have > 0 && response.status !== 206)
      throw new Error(`“${path}”: the server cannot go on in the middle of a file.`)
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      handle.write(value, { at: have })
      hash.update(value)
      have += value.length
      self.postMessage({ have })
    }
    handle.flush()
  }
  if (have !== size) throw new Error(`“${path}” has ${have} bytes where ${size} were promised. Try again to go on.`)
  const digest = bytesToHex(hash.digest())
  return digest
}
