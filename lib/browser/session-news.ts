const name = 'kinmark.session'
type Listener = () => void

/** Tells this page, and with `everywhere` all other tabs, that the session has begun or ended. */
export function announceSession({ everywhere }: { everywhere: boolean }): void {
  globalThis.dispatchEvent?.(new Event(name))
  if (!everywhere || typeof BroadcastChannel === 'undefined') return
  const channel = new BroadcastChannel(name)
  channel.postMessage(null)
  channel.close()
}

/** Calls `listener` whenever the session may have begun or ended, in whichever tab. Returns a function that ends this. */
export function onSession(listener: Listener): () => void {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(name)
  channel?.addEventListener('message', listener)
  window.addEventListener(name, listener)
  return () => {
    channel?.close()
    window.removeEventListener(name, listener)
  }
}
