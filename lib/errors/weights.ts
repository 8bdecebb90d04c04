export type WeightsErrors = Record<never, never>
