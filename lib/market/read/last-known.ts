import 'server-only'

const known = new Map<string, unknown>()

/**
 * What `read` resolves to, or what it gave last, where it fails or takes longer than `patienceMs`: a page to read does not
 * wait for a chain that does not answer. Throws where nothing is known yet.
 */
export async function lastKnown<T>(name: string, read: () => Promise<T>, patienceMs = 2_000): Promise<T> {
  const fresh = read().then((value) => {
    known.set(name, value)
    return value
  })
  if (!known.has(name)) return fresh
  const late = new Promise<T>((resolve) => setTimeout(() => resolve(known.get(name) as T), patienceMs))
  return Promise.race([fresh.catch(() => known.get(name) as T), late])
}
