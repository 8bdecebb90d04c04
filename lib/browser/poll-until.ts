/** Asks every half second until the answer is yes; false after `tries` times no, or when `signal` says to stop. */
export async function pollUntil(ask: () => Promise<boolean>, signal: AbortSignal, tries = 60): Promise<boolean> {
  for (let i = 0; i < tries && !signal.aborted; i++) {
    if (await ask().catch(() => false)) return !signal.aborted
    await new Promise((done) => setTimeout(done, 500))
  }
  return false
}
