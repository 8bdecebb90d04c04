/** Peak resident memory of this process in bytes, mapped files included. */
export function peakOfProcess(): number {
  return 1024 * process.resourceUsage().maxRSS
}
