export type DownloadErrors = {
  'download.other-tab': { path: string }
  'download.storage-blocked': Record<never, never>
  /** Bytes; `free` as the browser estimates it, null where it does not. */
  'download.no-space': { path: string; needed: number; free: number | null }
  'download.failed': { path: string; reason: string }
  'download.resume-unsupported': { path: string }
  /** Sizes in bytes. */
  'download.size-mismatch': { path: string; size: number; expected: number }
  'download.hash-mismatch': { path: string; sha256: string; expected: string }
  'download.root-mismatch': { root: string; onChain: string }
  'download.files-evicted': Record<never, never>
}
