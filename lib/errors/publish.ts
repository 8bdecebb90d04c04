export type PublishErrors = {
  /** `reason`: the browser's own words. */
  'publish.file-unreadable': { path: string; reason: string }
  'publish.files-many': { files: number; limit: number }
  'publish.file-missing': { path: string }
  /** `reason`: the server's own words. */
  'publish.upload-refused': { path: string; reason: string }
  'publish.connection-lost': { path: string }
}
