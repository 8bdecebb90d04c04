export type PublishErrors = {
  /** `reason`: the browser's own words. */
  'publish.file-unreadable': { path: string; reason: string }
  'publish.file-missing': { path: string }
  /** `reason`: the server's own words. */
  'publish.upload-refused': { path: string; reason: string }
  'publish.connection-lost': { path: string }
}
