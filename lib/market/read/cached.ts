import 'server-only'

type Entry = { until: number; value: Promise<unknown> }
const mostEntries = 500
const entries = new Map<string, Entry>()

/**
 * What `read` resolves to, at most `seconds` old. Those who ask at the same time wait for one answer. A failure is not
 * kept. For answers that are the same for everybody.
 */
export function cached<T>(key: string, seconds: number, read: () => Promise<T>): Promise<T> {
  const known = entries.get(key)
  if (known && known.until > Date.now()) return known.value as Promise<T>
  const value = read()
  entries.delete(key)
  entries.set(key, { until: Date.now() + 1000 * seconds, value })
  if (entries.size > mostEntries) entries.delete(entries.keys().next().value as string)
  value.catch(() => entries.get(key)?.value === value && entries.delete(key))
  return value
}
