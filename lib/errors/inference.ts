export type InferenceErrors = Record<never, never>
