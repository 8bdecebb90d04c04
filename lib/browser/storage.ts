type Listener = () => void
type Message = { key: string; text: string | null } | 'hello'

const channelName = 'kinmark.storage'

/** A little text, kept under a key and shared by all tabs. Writing never fails. */
export type SharedStorage = {
  /** Whether this browser keeps what is stored after the page is closed. */
  readonly durable: boolean
  get(key: string): string | null
  /** Null removes the key. */
  set(key: string, text: string | null): void
  /** Calls `listener` after every change, in whichever tab it happened. Returns a function that ends this. */
  subscribe(listener: Listener): () => void
}

/**
 * Local storage that cannot fail. What the browser refuses to keep, because storage is blocked or full, is kept until the
 * page is closed, and told to the other open tabs.
 */
export function openStorage(local: () => Storage, channel: BroadcastChannel | null): SharedStorage {
  const unkept = new Map<string, string | null>()
  const listeners = new Set<Listener>()
  const notify = () => {
    for (const listener of listeners) listener()
  }
  const keep = (key: string, text: string | null) => {
    if (text === null) local().removeItem(key)
    else local().setItem(key, text)
  }
  if (channel)
    channel.onmessage = ({ data }: MessageEvent<Message>) => {
      if (data === 'hello') for (const [key, text] of unkept) channel.postMessage({ key, text })
      else if (unkept.get(data.key) !== data.text) {
        unkept.set(data.key, data.text)
        notify()
      }
    }
  channel?.postMessage('hello')
  globalThis.addEventListener?.('storage', notify)

  return {
    get durable() {
      try {
        keep(channelName, 'x')
        keep(channelName, null)
        return !('volatile' in local())
      } catch {
        return false
      }
    },
    get(key) {
      if (unkept.has(key)) return unkept.get(key) ?? null
      try {
        return local().getItem(key)
      } catch {
        return null
      }
    },
    set(key, text) {
      try {
        keep(key, text)
        if (unkept.delete(key)) channel?.postMessage({ key, text })
      } catch {
        unkept.set(key, text)
        channel?.postMessage({ key, text })
      }
      notify()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

let opened: SharedStorage | undefined

/** This page’s storage. On a server it is empty. */
export function storage(): SharedStorage {
  opened ??= openStorage(
    () => window.localStorage,
    typeof window === 'undefined' || typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(channelName),
  )
  return opened
}
