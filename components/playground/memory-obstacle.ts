import { KinmarkError } from '@/lib/error'
import { memoryNeeded, pageLimit } from '@/lib/inference/memory'

/**
 * Why a model cannot run in this browser, or null; computed before a byte is fetched. `deviceGiB` is
 * `navigator.deviceMemory`, which browsers cap at 8 and some do not have.
 */
export function memoryObstacle(parameters: number, deviceGiB: number | undefined): KinmarkError | null {
  const needed = memoryNeeded({ parameters }, 'F16')
  const memory = (deviceGiB ?? Number.POSITIVE_INFINITY) * 2 ** 30
  if (needed <= Math.min(pageLimit, memory)) return null
  return memory < pageLimit
    ? new KinmarkError('playground.device-memory-too-small', { needed, memory })
    : new KinmarkError('playground.page-memory-too-small', { needed, limit: pageLimit })
}
