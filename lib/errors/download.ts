export type DownloadErrors = {
  'download.failed': { path: string; reason: string }
  'download.resume-unsupported': { path: string }
  /** Sizes in bytes. */
  'download.size-mismatch': { path: string; size: number; expected: number }
  'download.hash-mismatch': { path: string; sha256: string; expected: string }
  'download.root-mismatch': { root: string; onChain: string }
  'download.files-evicted': Record<never, never>
}
