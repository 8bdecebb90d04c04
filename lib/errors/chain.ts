export type ChainErrors = Record<never, never>
