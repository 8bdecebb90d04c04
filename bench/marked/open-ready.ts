import { openNodeRuntime } from '../../lib/inference/node/open-node-runtime'
import type { FingerprintRuntime, Runtime } from '../../lib/inference/runtime'

/**
 * A runtime that keeps a session for every set of taps instead of one at a time: for a small model that is asked in turn
 * for this and that a thousand times.
 */
export async function openReady(folder: string, editable: readonly string[]): Promise<FingerprintRuntime> {
  const open = () => openNodeRuntime(folder, { editable, threads: 1 })
  const first = await open()
  const ready = new Map<string, Promise<Runtime>>()
  const forTaps = (taps: string) => {
    const runtime = ready.get(taps) ?? open()
    ready.set(taps, runtime)
    return runtime
  }
  return {
    ...first,
    run: async (batch, taps, options) => (await forTaps([...taps].sort().join())).run(batch, taps, options),
    close: async () => {
      await first.close()
      for (const runtime of ready.values()) await (await runtime).close()
    },
  }
}
