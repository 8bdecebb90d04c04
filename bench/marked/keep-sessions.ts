import type { FingerprintRuntime, Runtime } from '../../lib/inference/runtime'

/**
 * A runtime that keeps a session for every set of taps instead of one at a time: faster for a small model that is run
 * thousands of times with alternating taps.
 */
export async function keepSessions(open: () => Promise<FingerprintRuntime>): Promise<FingerprintRuntime> {
  const first = await open()
  const byTaps = new Map<string, Promise<Runtime>>()
  const forTaps = (taps: string) => {
    const runtime = byTaps.get(taps) ?? open()
    byTaps.set(taps, runtime)
    return runtime
  }
  return {
    ...first,
    run: async (batch, taps, options) => (await forTaps([...taps].sort().join())).run(batch, taps, options),
    close: async () => {
      await first.close()
      for (const runtime of byTaps.values()) await (await runtime).close()
    },
  }
}
