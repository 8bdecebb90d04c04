/** Names that this page holds, where the browser has no Web Locks: it offers them to secure pages only. */
const held = new Set<string>()

/**
 * Runs `work` while no other tab runs work of this name. Returns false, without running it, while another does. A tab that
 * is closed gives its names back.
 */
export async function exclusively(name: string, work: () => Promise<unknown>): Promise<boolean> {
  if (globalThis.navigator?.locks)
    return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await work()
      return lock !== null
    })
  if (held.has(name)) return false
  held.add(name)
  try {
    await work()
    return true
  } finally {
    held.delete(name)
  }
}
