const intervalMs = 500

/** Calls `ask` every half second until it resolves to true. False after `tries` attempts, or once `signal` is aborted. */
export async function pollUntil(ask: () => Promise<boolean>, signal: AbortSignal, tries = 60): Promise<boolean> {
  for (let i = 0; i < tries && !signal.aborted; i++) {
    if (await ask().catch(() => false)) return !signal.aborted
    await new Promise((done) => setTimeout(done, intervalMs))
  }
  return false
}
