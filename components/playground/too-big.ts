import { formatBytes } from '@/components/ui/measure'
import { memoryNeeded } from '@/lib/inference/memory'

/** WebAssembly's addresses have 32 bits, and both backends load their weights through it. */
const pageLimit = 2 ** 32

/**
 * Why a model will not run in this browser, or null; known before a byte is fetched. `deviceGiB` is
 * `navigator.deviceMemory` where there is one: no browser says more than 8.
 */
export function tooBig(parameters: number, deviceGiB: number | undefined): string | null {
  const needed = memoryNeeded({ parameters })
  const device = (deviceGiB ?? Number.POSITIVE_INFINITY) * 2 ** 30
  if (needed <= Math.min(pageLimit, device)) return null
  const limit =
    device < pageLimit
      ? `this device has ${formatBytes(device)} of memory`
      : `a page can use ${formatBytes(pageLimit)} at most`
  return `This model is too big for this browser: with its weights as float32 it needs about ${formatBytes(needed)}, and ${limit}.`
}
