/** Names that this page holds, where the browser has no Web Locks: it offers them to secure pages only. */
const held = new Set<string>()

/** Some hold a name for a moment only. Whoever asks a person holds it for longer. */
const patienceMs = 300

/**
 * Runs `work` while no other tab runs work of this name. Returns false, without running it, while another does. A tab that
 * is closed gives its names back.
 */
export async function exclusively(name: string, work: () => Promise<unknown>): Promise<boolean> {
  if (globalThis.navigator?.locks) {
    let free = false
    const run = async () => {
      free = true
      await work()
    }
    try {
      await navigator.locks.request(name, { signal: AbortSignal.timeout(patienceMs) }, run)
    } catch (error) {
      if (free) throw error
    }
    return free
  }
  if (held.has(name)) return false
  held.add(name)
  try {
    await work()
    return true
  } finally {
    held.delete(name)
  }
}
