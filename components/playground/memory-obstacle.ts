import { formatBytes } from '@/lib/format/sizes'
import { memoryNeeded, pageLimit } from '@/lib/inference/memory'

/**
 * Why a model will not run in this browser, or null; known before a byte is fetched. `deviceGiB` is
 * `navigator.deviceMemory` where there is one: no browser says more than 8.
 */
export function memoryObstacle(parameters: number, deviceGiB: number | undefined): string | null {
  const needed = memoryNeeded({ parameters }, 'F16')
  const device = (deviceGiB ?? Number.POSITIVE_INFINITY) * 2 ** 30
  if (needed <= Math.min(pageLimit, device)) return null
  const limit =
    device < pageLimit
      ? `this device has ${formatBytes(device)} of memory`
      : `a page can use ${formatBytes(pageLimit)} at most`
  return `This model is too big for this browser: with its weights as float16 it needs about ${formatBytes(needed)}, and ${limit}.`
}
