export type MarketErrors = Record<never, never>
