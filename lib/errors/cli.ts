export type CliErrors = Record<never, never>
