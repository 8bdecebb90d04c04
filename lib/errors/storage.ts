/** `size` in bytes. */
type Blob = { sha256: string; size: number }

export type StorageErrors = {
  'storage.backup-invalid': { folder: string; file: string }
  /** When the newest migrations were written, in milliseconds. */
  'storage.backup-release': { backup: number; here: number }
  'storage.blob-differs': { expected: Blob; found: Blob }
  /** `status`: the store’s answer, 404 or 403 for instance. */
  'storage.bucket-unusable': { bucket: string; status: number }
  'storage.in-use': { path: string; pid: number }
  'storage.master-key-length': { source: string; length: number }
  'storage.passphrase-missing': { variable: string }
  'storage.passphrase-short': { shortest: number }
  /** `what`: a file or a table. */
  'storage.restore-not-empty': { what: string }
  'storage.sha256-invalid': { text: string }
  'storage.text-too-long': { limit: number }
  'storage.unseal-failed': { name: string }
  'storage.upload-unknown': { upload: string }
}
