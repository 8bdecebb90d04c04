import 'server-only'

type Entry = { until: number; value: Promise<unknown> }

/**
 * What `read` resolves to, at most `seconds` old. Those who ask at the same time wait for one answer. A failure is not
 * kept. For answers that are the same for everybody.
 */
export type Cached = <T>(key: string, seconds: number, read: () => Promise<T>) => Promise<T>

/** A cache of its own: its newest `most` answers push out no others. */
export function openCache(most: number): Cached {
  const entries = new Map<string, Entry>()
  return <T>(key: string, seconds: number, read: () => Promise<T>) => {
    const known = entries.get(key)
    if (known && known.until > Date.now()) return known.value as Promise<T>
    const value = read()
    entries.delete(key)
    entries.set(key, { until: Date.now() + 1000 * seconds, value })
    if (entries.size > most) entries.delete(entries.keys().next().value as string)
    value.catch(() => entries.get(key)?.value === value && entries.delete(key))
    return value
  }
}

/** Shared by what has few keys. */
export const cached = openCache(500)
