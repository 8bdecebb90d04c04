export type StorageErrors = {
  'storage.sha256-invalid': { text: string }
}
