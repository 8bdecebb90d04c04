export type StartErrors = Record<never, never>
