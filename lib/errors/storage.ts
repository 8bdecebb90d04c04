export type StorageErrors = {
  'storage.in-use': { path: string; pid: number }
  'storage.master-key-length': { source: string; length: number }
  'storage.sha256-invalid': { text: string }
  'storage.text-too-long': { limit: number }
  'storage.unseal-failed': { name: string }
}
