import type { DataStore, Upload } from '@tus/server'
import type { Blob } from './blobs'

/** Where resumable uploads wait until they are whole, beside the blobs that they become. */
export type UploadStore = {
  /** As tus wants it. */
  data: DataStore
  /** The uploads that have not ended, with what arrived of each. */
  list(): Promise<Upload[]>
  /** Hashes a whole upload, and makes it a blob when the hash is `sha256`. Otherwise it stays. */
  take(id: string, sha256: string): Promise<Blob>
  /** Forgets an upload, with what arrived of it. */
  drop(id: string): Promise<void>
}
