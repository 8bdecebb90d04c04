export type StorageErrors = Record<never, never>
