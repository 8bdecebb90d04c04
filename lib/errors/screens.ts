export type ScreensErrors = Record<never, never>
