export type FingerprintErrors = Record<never, never>
