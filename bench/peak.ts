/** Bytes of memory that this process has held at its height, mapped files included. */
export function peakOfProcess(): number {
  return 1024 * process.resourceUsage().maxRSS
}
