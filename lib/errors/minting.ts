export type MintingErrors = Record<never, never>
