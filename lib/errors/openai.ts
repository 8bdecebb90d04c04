export type OpenaiErrors = Record<never, never>
