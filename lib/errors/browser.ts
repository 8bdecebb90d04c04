export type BrowserErrors = {
  'browser.folder-too-large': { limit: number }
  'browser.offline': Record<never, never>
  'browser.part-missing': Record<never, never>
  'browser.server-unreachable': Record<never, never>
  /** `reason`: the server's own sentence. */
  'browser.request-refused': { status: number; reason: string }
  'browser.request-failed': { status: number }
}
